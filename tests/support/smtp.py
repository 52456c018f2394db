"""SMTP servers for tests: one with scripted replies, and two that misbehave."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.ports import free_port

OK = "250 OK"
DIES = "dies before it has kept the letter"
FORGETS = "dies once it has kept the letter, and never says so"
USER, PASSWORD = "portal", "p@ss/word"


class PostOffice:
    """Received letters, and scripted replies by address, used one after the other, then OK.

    A reply may also be to drop the connection.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self.to_data: list[str] = []
        self.url = ""

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        waiting = self.answers.get(address, [])
        answer = waiting.pop(0) if waiting else OK
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Envelope
    ) -> str:
        answer = self.to_data.pop(0) if self.to_data else OK
        if answer in {DIES, FORGETS}:
            server.transport.abort()
        if answer not in {OK, FORGETS}:
            return answer
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=SMTP_POLICY)
        assert isinstance(letter, EmailMessage)
        self.received.append(letter)
        self.recipients += envelope.rcpt_tos
        return OK

    @property
    def keys(self) -> list[str]:
        """Return the Message-IDs received, in order."""
        return [str(letter["Message-ID"]) for letter in self.received]


@contextmanager
def post_office(**options: Any) -> Iterator[PostOffice]:
    office, port = PostOffice(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port, **options)
    controller.start()
    office.url = f"smtp://127.0.0.1:{port}"
    try:
        yield office
    finally:
        controller.stop()


def knows_us(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Authenticate the one user of these tests."""
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def black_hole() -> Iterator[str]:
    """Accept connections and never reply; yields the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def trickle(pause: float) -> Iterator[str]:
    """Send the greeting byte by byte without end; yields the address."""
    over = threading.Event()

    def serve(talk: socket.socket) -> None:
        with talk, suppress(OSError):
            talk.sendall(b"220 ")
            while not over.wait(pause):
                talk.sendall(b".")

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        listener.settimeout(10)
        thread = threading.Thread(target=lambda: serve(listener.accept()[0]))
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join(10)


@contextmanager
def dies_after_the_letter() -> Iterator[tuple[str, list[bytes]]]:
    """Read a whole letter and hang up before the reply; yields the address and what was read."""
    taken: list[bytes] = []
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(50)

    def serve() -> None:
        while True:
            try:
                talk, _ = listener.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as lines:
                talk.sendall(b"220 here\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        talk.sendall(b"354 go on\r\n")
                        taken.append(b"".join(iter(lines.readline, b".\r\n")))
                        break
                    talk.sendall(b"250 fine\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", taken
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths
