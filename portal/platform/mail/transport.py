"""How a letter leaves: to a server that takes letters, or into a folder where there is none."""

import os
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from portal.platform.kernel.mail_settings import SmtpSecurity, SmtpServer
from portal.platform.kernel.settings import Settings

TIMEOUT = 10  # seconds for each of the server's answers
TOTAL_TIMEOUT = 110  # seconds for all of them: one that trickles is never silent, and never done
PERMANENT_CODES = range(500, 600)
_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class LetterRefused(Exception):
    """This letter will never be taken. `problem` says why, in the server's words."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class LetterDeferred(LetterRefused):
    """Not this letter now; later perhaps."""


class MailServerUnavailable(LetterDeferred):
    """No letter now: the server is away, or does not know us."""


class Transport(Protocol):
    def send(self, letter: EmailMessage) -> None:
        """Raises `Refused`, or its milder kinds, unless the letter is in safe hands."""


def choose_transport(settings: Settings) -> Transport:
    if settings.mail_server is None:
        return FolderTransport(settings.mail_folder)
    name = urlsplit(settings.public_base_url).hostname or "localhost"
    return SmtpTransport(settings.mail_server, settings.mail_from.address, name, TIMEOUT)


class _TimeLimitedClient:
    """A connection that is cut when everything together takes too long; before smtplib's class."""

    was_cut = False
    sock: socket.socket | None

    def __init__(self, *args: Any, whole: float, **named: Any) -> None:
        self._watch = threading.Timer(whole, self._cut_connection)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(*args, **named)
        except (OSError, smtplib.SMTPException):
            self._watch.cancel()
            raise

    def _cut_connection(self) -> None:
        """Whoever waits for the next byte is told that the server hung up."""
        self.was_cut = True
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._watch.cancel()
        super().close()  # type: ignore[misc]


class _PlainClient(_TimeLimitedClient, smtplib.SMTP):
    """To start in the clear, at least."""


class _TlsClient(_TimeLimitedClient, smtplib.SMTP_SSL):
    """TLS from the first byte on."""


class SmtpTransport:
    """One connection a letter: a server that stumbles over one keeps no other waiting."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        name: str,
        timeout: float,
        whole: float = TOTAL_TIMEOUT,
    ) -> None:
        """`name` is how we introduce ourselves; asking the machine for it may take seconds."""
        self._server = server
        self._sender = sender
        self._name = name
        self._times = {"timeout": timeout, "whole": whole}

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
        """A connection that is as safe as was asked, or none."""
        server, context = self._server, ssl.create_default_context()
        client: _PlainClient | _TlsClient
        if server.security is SmtpSecurity.TLS:
            client = _TlsClient(
                server.host, server.port, self._name, context=context, **self._times
            )
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
    """Say goodbye, if the server still listens; the letter's fate is known already."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def _refusal_for_code(code: int, words: bytes | str) -> LetterRefused:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    kind = LetterRefused if code in PERMANENT_CODES else LetterDeferred
    return kind(f"{code} {' '.join(text.split())}")


def _describe_fault(fault: Exception) -> str:
    """What happened, short: the server's answer where it gave one, else the fault's name."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return _refusal_for_code(fault.smtp_code, fault.smtp_error).problem
    silent = isinstance(fault.__context__, TimeoutError)  # smtplib only says that it hung up
    return TimeoutError.__name__ if silent else type(fault).__name__


class FolderTransport:
    """Keeps letters as .eml files, which any mail program opens. One sent twice is one file."""

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
        """What a kept letter says, without its ornaments; None when it is not there."""
        try:
            message = message_from_bytes(self._file(key).read_bytes(), policy=SMTP)
        except OSError:
            return None
        body = message.get_body(preferencelist=("plain",))
        return cast(str, body.get_content()) if body is not None else None

    def _file(self, key: str) -> Path:
        return self._path / f"{key}.eml"
