"""Network addresses that the web server listens on."""

import socket

LOCALHOST = "localhost"


def list_bind_addresses(bind: str) -> tuple[str, ...]:
    """The IP addresses for a value of BIND, without brackets.

    `localhost` is 127.0.0.1 and, where the machine has it, ::1: browsers try either.
    """
    if bind != LOCALHOST:
        return (bind.strip("[]"),)
    return ("127.0.0.1", "::1") if _has_ipv6_loopback() else ("127.0.0.1",)


def list_addresses_with_port(bind: str, port: int) -> list[str]:
    """The same with the port: `127.0.0.1:8000`, `[::1]:8000`."""
    return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in list_bind_addresses(bind)]


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
