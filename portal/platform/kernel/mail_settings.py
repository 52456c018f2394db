"""Parsers of MAIL_URL and MAIL_FROM. Open no connection."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

FOLDER_URL = "folder"
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class SmtpSecurity(StrEnum):
    """Encryption of the SMTP connection."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


_PORTS = {SmtpSecurity.NONE: 25, SmtpSecurity.STARTTLS: 587, SmtpSecurity.TLS: 465}


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """An SMTP server. Without a user, no authentication."""

    host: str
    port: int
    security: SmtpSecurity
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class MailSender:
    """The From address of mails. An empty name means the service's name."""

    address: str
    name: str = ""


def parse_mail_url(url: str) -> SmtpServer | None:
    """The server of a MAIL_URL; None: mails go to a folder. Raises `ValueError` with a sentence."""
    if url in {"", FOLDER_URL}:
        return None
    try:
        parts = urlsplit(url)
        port, options = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ValueError("is an address such as smtp://user:password@host:587?starttls=1") from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("is folder, smtp://host or smtps://host")
    if options.keys() - {"starttls"} or options.get("starttls", "0") not in {"0", "1"}:
        raise ValueError("knows one option, starttls=1")
    security = SmtpSecurity.TLS if parts.scheme == "smtps" else SmtpSecurity.NONE
    if options.get("starttls") == "1":
        if security is SmtpSecurity.TLS:
            raise ValueError("is smtps:// or starttls=1, not both")
        security = SmtpSecurity.STARTTLS
    if parts.username and security is SmtpSecurity.NONE and parts.hostname not in _LOCAL_HOSTS:
        raise ValueError("sends a password, which asks for starttls=1 or smtps://")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def parse_mail_from(text: str) -> MailSender:
    """`address` or `Name <address>`. Raises `ValueError` with a sentence."""
    name, address = parseaddr(text)
    try:
        if any(char in text for char in "\r\n"):
            raise ValueError
        validate_email(address, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError):
        raise ValueError("is an address such as Portail <ne-pas-repondre@example.fr>") from None
    return MailSender(address=address, name=name)
