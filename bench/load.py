"""Clients that cost little: one process, one thread, plain sockets, each waits for its answer.

What a client spends per request is counted, so that a report can tell whether the server was what
was measured.
"""

import resource
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

CONNECTIONS = 5  # of a client while it warms: all on one of two workers once in sixteen times
RESTART_SECONDS = 5  # within which a worker listens again
END = b"\r\n\r\n"
Requests = Callable[[int], bytes]  # the next request of a client, by its number


class Failed(Exception):
    """An answer that was not the one expected."""


class _Hung(Exception):
    """The server closed a kept-alive connection instead of answering."""


@dataclass
class Run:
    """Answers and how long each took, in seconds; several runs add up."""

    seconds: float = 0.0
    own: float = 0.0  # processor time of the clients, in seconds
    served: float = 0.0  # processor time of the server, in seconds
    took: list[float] = field(default_factory=list)
    late: int = 0  # answers after the end, which took processor time as well

    def add(self, other: "Run") -> None:
        self.seconds += other.seconds
        self.own += other.own
        self.served += other.served
        self.took += other.took
        self.late += other.late

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def client_share(self) -> float:
        """Of one core, what the clients used."""
        return self.own / self.seconds

    @property
    def work(self) -> float:
        """Processor time of the server for an answer, in ms: a busy machine changes it little."""
        return self.served / (len(self.took) + self.late) * 1000

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000


def _connect(port: int) -> socket.socket:
    """Connect, waiting while no worker listens: two that restart at once leave a gap.

    Each worker restarts after some thousands of requests, which the floor answers in seconds.
    """
    until = time.monotonic() + RESTART_SECONDS
    while True:
        try:
            made = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class _Client:
    def __init__(self, number: int, port: int, expect: bytes) -> None:
        self.number, self.port, self.expect = number, port, expect
        self.socket = _connect(port)
        self.began, self.left, self.head, self.asked = 0.0, -1, b"", b""
        self.closes = False

    def send(self, request: bytes) -> None:
        self.asked = request
        self.began, self.left, self.head = time.perf_counter(), -1, b""
        self.socket.sendall(request)

    def reopen(self, ready: selectors.BaseSelector) -> None:
        ready.unregister(self.socket)
        self.socket.close()
        self.socket, self.closes = _connect(self.port), False
        ready.register(self.socket, selectors.EVENT_READ, self)

    def receive(self) -> bool:
        """Read what is there; whether the answer is complete."""
        try:
            got = self.socket.recv(262_144)
        except ConnectionResetError:
            got = b""
        if not got and not self.head:
            raise _Hung
        if not got:
            raise Failed("the connection was closed in the middle of an answer")
        if self.left < 0:
            self.head += got
            end = self.head.find(END)
            if end < 0:
                return False
            self._read_head(self.head[:end])
            self.left -= len(self.head) - end - len(END)
        else:
            self.left -= len(got)
        return self.left <= 0

    def _read_head(self, head: bytes) -> None:
        if not head.startswith(self.expect, len(b"HTTP/1.1 ")):
            raise Failed(self.head[:2000].decode(errors="replace"))
        lower = head.lower() + b"\r\n"
        at = lower.find(b"content-length:")
        self.left = int(lower[at + 15 : lower.find(b"\r\n", at)]) if at >= 0 else 0
        self.closes = b"connection: close" in lower


def drive(port: int, clients: int, seconds: float, request: Requests, expect: str = "200") -> Run:
    """So many clients, each asking again as soon as it has its answer. What is under way at the end is
    answered before the server is left, and not counted: the next run has it for itself."""
    run, used = Run(), _used()
    at_work = [_Client(number, port, expect.encode()) for number in range(clients)]
    began = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for client in at_work:
            client.send(request(client.number))
            ready.register(client.socket, selectors.EVENT_READ, client)
        while (now := time.perf_counter()) < began + seconds or not run.took:
            for key, _ in ready.select(timeout=5):
                client = key.data
                try:
                    complete = client.receive()
                except _Hung:  # a worker that has served its number ended: ask the other one
                    client.reopen(ready)
                    client.send(client.asked)
                    continue
                if complete:
                    run.took.append(time.perf_counter() - client.began)
                    if client.closes:
                        client.reopen(ready)
                    client.send(request(client.number))
        run.seconds = now - began
        run.own = _used() - used
        run.late = _await_answers(at_work)
    return run


def _await_answers(clients: Sequence[_Client]) -> int:
    """Close each client once it has its answer; how many had one."""
    answered = 0
    for client in clients:
        with suppress(_Hung):
            while not client.receive():
                pass
            answered += 1
        client.socket.close()
    return answered


def warm(port: int, clients: int, seconds: float, request: Requests, expect: str = "200") -> None:
    """Fill the caches of every worker: the clients connect anew again and again, to a worker by chance."""
    for _ in range(CONNECTIONS):
        drive(port, clients, seconds / CONNECTIONS, request, expect)


def _used() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def get(path: str, cookie: str = "", encoding: str = "identity") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {encoding}\r\n"
    return f"{head}{_cookie(cookie)}\r\n".encode()


def post(path: str, body: str, cookie: str = "") -> bytes:
    kind = "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n{_cookie(cookie)}\r\n{body}".encode()


def _cookie(cookie: str) -> str:
    return f"Cookie: {cookie}\r\n" if cookie else ""


def in_turn(made: Sequence[bytes]) -> Requests:
    """Each client asks always the same; clients beyond the list share."""
    return lambda number: made[number % len(made)]


def one_after_another(made: Iterator[bytes]) -> Requests:
    """Each request is another one."""
    return lambda _number: next(made)
