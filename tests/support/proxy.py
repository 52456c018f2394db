"""A TCP proxy to the database that can drop, refuse or freeze connections."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Proxy:
    """Forwards a local port to the server's socket.

    While frozen it accepts connections and reads what is sent, so that TCP sees no failure, but
    forwards nothing.
    """

    def __init__(self, upstream: Path) -> None:
        self._upstream = str(upstream)
        self._flowing = threading.Event()
        self._flowing.set()
        self.delay = 0.0  # seconds that each packet takes
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])

    def freeze(self) -> None:
        self._flowing.clear()

    def thaw(self) -> None:
        """Forward what was read while frozen."""
        self._flowing.set()

    def drop(self) -> None:
        """Close every connection."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._flowing.set()

    def refuse(self) -> None:
        """Refuse new connections and close existing ones."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
        self._listener.close()
        self.drop()

    def accept(self) -> None:
        """Listen again."""
        self._listener = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        self._run(self._serve, listener)
        return listener

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._upstream)
            self._ends += [client, server]
            self._run(self._carry, client, server)

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            back = threading.Thread(target=self._pump, args=[server, client])
            back.start()
            self._pump(client, server)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                time.sleep(self.delay)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _run(self, act: Callable[..., None], *sockets: socket.socket) -> None:
        thread = threading.Thread(target=act, args=sockets)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        self.refuse()
        for thread in self._threads:
            thread.join(10)


@contextmanager
def proxy(upstream: Path) -> Iterator[Proxy]:
    one = Proxy(upstream)
    try:
        yield one
    finally:
        one.close()
