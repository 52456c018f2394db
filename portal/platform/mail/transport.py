"""Mail transports: an SMTP server, or a folder when none is configured."""

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from portal.platform.kernel.mail_settings import SmtpSecurity, SmtpServer
from portal.platform.kernel.settings import Settings

TIMEOUT = 10  # seconds for each answer of the server
TOTAL_TIMEOUT = 110  # seconds for the whole session: a server may send bytes slowly for ever
PERMANENT_CODES = range(500, 600)
_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class LetterRefused(Exception):
    """Permanent failure of this mail; `problem` is the server's answer or an error's name."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class LetterDeferred(LetterRefused):
    """Temporary failure of this mail."""


class MailServerUnavailable(LetterDeferred):
    """Temporary failure of the server: unreachable, or authentication refused."""


class Transport(Protocol):
    def send(self, letter: EmailMessage) -> None:
        """Deliver a mail. Raises `LetterRefused` or one of its subclasses."""


def choose_transport(settings: Settings) -> Transport:
    if settings.mail_server is None:
        return FolderTransport(settings.mail_folder)
    name = urlsplit(settings.public_base_url).hostname or "localhost"
    return SmtpTransport(settings.mail_server, settings.mail_from.address, name, TIMEOUT)


class _TimeLimitedClient:
    """Mixin for smtplib's classes: closes the connection after `total` seconds."""

    was_cut = False
    sock: socket.socket | None

    def __init__(self, *args: Any, total: float, **named: Any) -> None:
        self._watch = threading.Timer(total, self._cut_connection)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(*args, **named)
        except (OSError, smtplib.SMTPException):
            self._watch.cancel()
            raise

    def _cut_connection(self) -> None:
        """Shut the socket down, which ends a pending read."""
        self.was_cut = True
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._watch.cancel()
        super().close()  # type: ignore[misc]


class _PlainClient(_TimeLimitedClient, smtplib.SMTP):
    """Starts without TLS."""


class _TlsClient(_TimeLimitedClient, smtplib.SMTP_SSL):
    """Implicit TLS."""


class SmtpTransport:
    """Sends each mail over a connection of its own, so that one failure delays no other mail."""

    def __init__(
        self, server: SmtpServer, sender: str, name: str, timeout: float, total: float = TOTAL_TIMEOUT
    ) -> None:
        """`name` is sent with EHLO; smtplib's default looks it up, which may take seconds."""
        self._server = server
        self._sender = sender
        self._name = name
        self._times = {"timeout": timeout, "total": total}

    def send(self, letter: EmailMessage) -> None:
        address = letter["To"].addresses[0].addr_spec
        try:
            client = self._connect()
        except (OSError, smtplib.SMTPException) as away:
            raise MailServerUnavailable(_describe_fault(away)) from None
        try:
            client.send_message(letter, self._sender, [address])
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refusal_for_code(*refused.recipients[address]) from None
        except smtplib.SMTPSenderRefused as refused:
            raise MailServerUnavailable(_describe_fault(refused)) from None
        except smtplib.SMTPDataError as refused:
            raise _refusal_for_code(refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPNotSupportedError as refused:
            raise LetterRefused(_describe_fault(refused)) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise (MailServerUnavailable if client.was_cut else LetterDeferred)(
                _describe_fault(broken)
            ) from None
        finally:
            _quit(client)

    def _connect(self) -> _PlainClient | _TlsClient:
        """Connect with the configured encryption and authentication. Raises smtplib's errors."""
        server, context = self._server, ssl.create_default_context()
        client: _PlainClient | _TlsClient
        if server.security is SmtpSecurity.TLS:
            client = _TlsClient(server.host, server.port, self._name, context=context, **self._times)
        else:
            client = _PlainClient(server.host, server.port, self._name, **self._times)
        try:
            if server.security is SmtpSecurity.STARTTLS:
                client.starttls(context=context)
            if server.user:
                client.login(server.user, server.password)
        except (OSError, smtplib.SMTPException):
            client.close()
            raise
        return client


def _quit(client: smtplib.SMTP) -> None:
    """Quit the session; errors do not matter any more."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def _refusal_for_code(code: int, answer: bytes | str) -> LetterRefused:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    kind = LetterRefused if code in PERMANENT_CODES else LetterDeferred
    return kind(f"{code} {' '.join(text.split())}")


def _describe_fault(fault: Exception) -> str:
    """The server's answer, else the name of the error."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return _refusal_for_code(fault.smtp_code, fault.smtp_error).problem
    silent = isinstance(fault.__context__, TimeoutError)  # smtplib reports a disconnection
    return TimeoutError.__name__ if silent else type(fault).__name__


class FolderTransport:
    """Writes mails as .eml files; a mail sent twice is one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, letter: EmailMessage) -> None:
        key = letter["Message-ID"].strip("<>").partition("@")[0]
        draft = self._path / f".{key}.tmp"
        try:
            self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(draft, _CREATE_FLAGS, 0o600), "wb") as file:
                file.write(letter.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file(key))
        except OSError as full:
            raise MailServerUnavailable(type(full).__name__) from None

    def find_text(self, key: str) -> str | None:
        """The plain text of a stored mail; None when it is missing."""
        try:
            message = message_from_bytes(self._file(key).read_bytes(), policy=SMTP)
        except OSError:
            return None
        body = message.get_body(preferencelist=("plain",))
        return cast(str, body.get_content()) if body is not None else None

    def delete_where(self, matches: Callable[[str], bool]) -> int:
        """Delete the mails of which a header or a text matches; returns how many."""
        count = 0
        for path in self._list_files():
            if any(map(matches, _iterate_mail_texts(path))):
                path.unlink(missing_ok=True)
                count += 1
        return count

    def delete_before(self, moment: datetime) -> int:
        """Delete the mails written before a moment; returns how many."""
        count = 0
        for path in self._list_files():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    path.unlink()
                    count += 1
        return count

    def _list_files(self) -> Sequence[Path]:
        """The mails, and drafts of senders that died."""
        return sorted((*self._path.glob("*.eml"), *self._path.glob(".*.tmp")))

    def _file(self, key: str) -> Path:
        return self._path / f"{key}.eml"


def _iterate_mail_texts(path: Path) -> Iterator[str]:
    """The decoded headers and texts of a stored mail; none when it is gone meanwhile."""
    try:
        message = message_from_bytes(path.read_bytes(), policy=SMTP)
    except OSError:
        return
    yield from map(str, message.values())
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()
