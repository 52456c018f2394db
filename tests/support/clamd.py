"""A fake clamd with the real protocol, configurable delays, answers and failures."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The EICAR test file: harmless, and detected by every scanner.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """`answer` is its reply to any input, None: as ClamAV would; `delay` is in seconds."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.answer: bytes | None = None
        self.delay = 0.0
        self.seen: list[bytes] = []
        self.hangs_up = False

    def serve(self) -> None:
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            with link, suppress(OSError):
                self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        verb = b""
        while not verb.endswith(b"\0"):
            verb += link.recv(1)
        if self.hangs_up:
            return
        if verb == b"zPING\0":
            link.sendall(b"PONG\0")
            return
        assert verb == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self._exactly(link, 4))[0]:
            data += self._exactly(link, length)
        self.seen.append(data)
        time.sleep(self.delay)
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        link.sendall(self.answer or verdict)

    def _exactly(self, link: socket.socket, length: int) -> bytes:
        got = b""
        while len(got) < length:
            piece = link.recv(length - len(got))
            if not piece:
                raise OSError
            got += piece
        return got


@contextmanager
def listening(path: Path | None = None) -> Iterator[tuple[FakeClamd, str]]:
    """Serve on a Unix socket or a local port; yields the server and its CLAMD_URL."""
    if path is not None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        url = f"unix://{path}"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    fake = FakeClamd(listener)
    thread = threading.Thread(target=fake.serve, daemon=True)
    thread.start()
    try:
        yield fake, url
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
