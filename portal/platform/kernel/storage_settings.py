"""Parsers of FILES_URL (file storage) and CLAMD_URL (virus scanner)."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
CLAMD_PORT = 3310


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket of an S3-compatible service; `prefix` is empty or ends with a slash."""

    endpoint: str
    name: str
    prefix: str
    region: str
    access_key: str
    secret_key: str

    def __repr__(self) -> str:  # keys must not be logged
        return f"Bucket({self.name!r})"


@dataclass(frozen=True)
class Clamd:
    """A running clamd: the path of its socket, or a host and a port."""

    path: str
    host: str
    port: int


def parse_files_url(url: str) -> Bucket | None:
    """The bucket of `s3://KEY:SECRET@host/bucket/prefix?region=…`; None: a folder of this machine.

    `s3+http://` sends files and signatures in the clear: to this machine alone. Raises `ValueError`
    with a sentence.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"s3", "s3+http"}:
        raise ValueError("is empty, or starts with s3:// (or s3+http:// on this machine)")
    if not parts.hostname or not parts.username or not parts.password:
        raise ValueError("names keys and a host, as in s3://KEY:SECRET@s3.example.fr/bucket")
    in_clear = parts.scheme == "s3+http"
    if in_clear and not _is_loopback(parts.hostname):
        raise ValueError("sends files in the clear: s3+http:// is for this machine alone")
    name, _slash, prefix = parts.path.strip("/").partition("/")
    if not _BUCKET.fullmatch(name):
        raise ValueError("names a bucket after the host, as in s3://KEY:SECRET@s3.example.fr/files")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return Bucket(
        endpoint=f"{'http' if in_clear else 'https'}://{host}{port}",
        name=name,
        prefix=f"{unquote(prefix)}/" if prefix else "",
        region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
    )


def parse_clamd_url(url: str) -> Clamd | None:
    """The scanner at `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`; None: no scan.

    Raises `ValueError` with a sentence.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Clamd(parts.path, "", 0)
    if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
        return Clamd("", parts.hostname, parts.port or CLAMD_PORT)
    raise ValueError("is empty, unix:///path/of/clamd.ctl or tcp://host:3310")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
