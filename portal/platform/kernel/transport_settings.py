"""What production may reach, and be reached by, without TLS: this machine, and hosts that are named."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

_SENTENCE = "goes to {host} in the clear: {how}, or name {host} in PLAIN_HOSTS if its network is your own"
_LISTENS = (
    "listens in the clear on {bind}: let nginx of this machine ask 127.0.0.1, or lead a tunnel there"
    " and name {bind} in PLAIN_HOSTS"
)
_HOW = {
    "DATABASE_URL": "add ?sslmode=verify-full&sslrootcert=…",
    "QUEUE_URL": "add ?sslmode=verify-full&sslrootcert=…, or use rediss://",
    "MAIL_URL": "use smtps://, or add ?starttls=1",
    "CLAMD_URL": "use the socket of this machine",
}


def transport_faults(variables: Mapping[str, Any]) -> dict[str, list[str]]:
    """A sentence for each variable that names another machine without verified TLS."""
    plain = set(variables["PLAIN_HOSTS"].split())
    faults = {}
    for name, how in _HOW.items():
        host = find_unencrypted_host(variables[name])
        if host and host not in plain:
            faults[name] = [_SENTENCE.format(host=host, how=how)]
    bind = variables["BIND"]
    if not _is_of_this_machine(bind.strip("[]")) and bind not in plain:
        faults["BIND"] = [_LISTENS.format(bind=bind)]
    return faults


def find_unencrypted_host(url: str) -> str:
    """The other machine that a URL reaches without verified TLS; "" if none."""
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query)
    except ValueError:  # said by the variable's own check
        return ""
    is_postgresql = parts.scheme.startswith("postgresql")
    host = (options.get("host", [""])[-1] if is_postgresql else "") or parts.hostname or ""
    is_verified = (
        options.get("sslmode") == ["verify-full"] if is_postgresql
        else parts.scheme in {"rediss", "smtps"} or options.get("starttls") == ["1"]
    )  # fmt: skip
    return "" if is_verified or not host or _is_of_this_machine(host) else host


def _is_of_this_machine(host: str) -> bool:
    if host.startswith("/") or host == "localhost":  # a socket's folder
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
