"""Which addresses an outgoing request may connect to, checked after each resolution of its host."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

USUAL_PORTS = {"https": 443, "http": 80}
LOCAL_NAMES = {"internal", "invalid", "local", "localdomain", "onion"}
UNPRIVILEGED_PORT = 1024  # below it, HTTPS alone is a receiver
Resolve = Callable[[str, int], Sequence[str]]

# Networks that wrap an IPv4 address in an IPv6 one, which a router unwraps: NAT64, 6to4, Teredo.
_WRAPPING = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/32", "2002::/16", "2001::/32"))


class RefusedAddress(Exception):
    """Why a URL is not asked; `code` is one of `host`, `insecure`, `port`, `private`, `url`,
    `unresolved`."""

    def __init__(self, code: str, host: str) -> None:
        super().__init__(f"{code}: {host}")
        self.code, self.host = code, host


@dataclass(frozen=True)
class CheckedTarget:
    """A checked URL: connect to `address`, and present `host`."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"


def resolve_host(host: str, port: int) -> Sequence[str]:
    """The addresses of a host. Raises `OSError`."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def check_url(
    url: str, hosts: frozenset[str] | None, resolve: Resolve, *, allows_loopback: bool = False
) -> CheckedTarget:
    """Check a URL: its scheme, its host among `hosts` (None: any public one), all its addresses.

    Plain HTTP and loopback are for development alone (`allows_loopback`). Raises `RefusedAddress`.
    """
    parts, host, port = _split_url(url)
    if hosts is not None and host not in hosts:
        raise RefusedAddress("host", host)
    if hosts is None:
        _check_port(parts.scheme, host, port)
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError):
        raise RefusedAddress("unresolved", host) from None
    if not addresses:
        raise RefusedAddress("unresolved", host)
    checks = [
        _is_public_or_allowed_loopback(address, allows_loopback=allows_loopback) for address in addresses
    ]
    if not all(checks):
        raise RefusedAddress("private", host)
    if parts.scheme != "https" and not all(_is_loopback(address) for address in addresses):
        raise RefusedAddress("insecure", host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return CheckedTarget(parts.scheme, host, port, path, addresses[0])


def check_url_without_resolving(url: str, *, allows_loopback: bool = False) -> None:
    """Refuse what `check_url` would refuse of any public host without asking for its addresses: the
    form, the scheme, the port, a host that is itself a private address or a name that no public
    directory has. Raises `RefusedAddress`."""
    parts, host, port = _split_url(url)
    _check_port(parts.scheme, host, port)
    address = _find_literal_address(host)
    if address is not None and not _is_public_or_allowed_loopback(address, allows_loopback=allows_loopback):
        raise RefusedAddress("private", host)
    if address is None and _is_local_network_name(host):
        raise RefusedAddress("private", host)
    is_local = host == "localhost" if address is None else _is_loopback(address)
    may_be_plain = allows_loopback and is_local
    if parts.scheme != "https" and not may_be_plain:
        raise RefusedAddress("insecure", host)


def _is_local_network_name(host: str) -> bool:
    """Whether a name is one of a local network: a single word, or below a name that is reserved for it
    (RFC 6761, RFC 6762, RFC 7686, RFC 8375, and `internal`)."""
    words = host.split(".")
    return host != "localhost" and (
        len(words) == 1 or words[-1] in LOCAL_NAMES or host.endswith(".home.arpa")
    )


def _split_url(url: str) -> tuple[SplitResult, str, int]:
    """A URL in parts, its host and its port. Raises `RefusedAddress`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise RefusedAddress("url", "") from None
    is_plain = any(char.isspace() or char == "\\" for char in url) or parts.username is not None
    if not host or is_plain or parts.scheme not in {"http", "https"}:
        raise RefusedAddress("url", host)
    return parts, host, USUAL_PORTS[parts.scheme] if port is None else port


def _check_port(scheme: str, host: str, port: int) -> None:
    if port < UNPRIVILEGED_PORT and port != USUAL_PORTS[scheme]:
        raise RefusedAddress("port", host)


def _find_literal_address(host: str) -> str | None:
    """The address that a host is without a resolution, also as one number or in octal."""
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _parse_ip_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped
    return parsed


def _is_loopback(address: str) -> bool:
    return _parse_ip_address(address).is_loopback


def _is_public_or_allowed_loopback(address: str, *, allows_loopback: bool) -> bool:
    """Whether an address is public, or loopback where that is allowed."""
    parsed = _parse_ip_address(address)
    if parsed.is_loopback:
        return allows_loopback
    if isinstance(parsed, ipaddress.IPv6Address) and any(parsed in network for network in _WRAPPING):
        return False
    return parsed.is_global and not parsed.is_multicast
