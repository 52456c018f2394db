"""ClamAV looks at a file before it is kept: clamd, over its socket.

The protocol is that of `man 8 clamd`: `zINSTREAM`, the bytes in pieces that each say their length,
an empty one at the end; the answer is `stream: OK`, `stream: NAME FOUND` or `… ERROR`. What does
not answer so, in time, is a scanner that is away: nothing is kept that it was to look at.
"""

import socket
import struct
import time
from typing import IO

from portal.platform.kernel.storage_settings import Clamd

CONNECT_TIMEOUT = 3.0  # seconds
SCAN_TIMEOUT = 25.0  # seconds for a file, from the connection to the answer
_PIECE = 1 << 16
_ANSWER_MAX = 4096
_CLEAN, _INFECTED = "OK", " FOUND"


class ScannerAway(Exception):
    """The scanner did not answer, or answered something else."""


def scan(clamd: Clamd, file: IO[bytes]) -> str | None:
    """What a file is infected with, as ClamAV calls it; None: clean. Raises `ScannerAway`."""
    file.seek(0)
    answer = _send_command(clamd, b"zINSTREAM\0", file)
    verdict = answer.removeprefix("stream: ")
    if verdict == _CLEAN:
        return None
    if verdict.endswith(_INFECTED):
        return verdict.removesuffix(_INFECTED)
    raise ScannerAway(answer[:80])


def ping(clamd: Clamd) -> None:
    """Raises `ScannerAway` where nobody looks at files."""
    if _send_command(clamd, b"zPING\0", None) != "PONG":
        raise ScannerAway("no PONG")


def _send_command(clamd: Clamd, verb: bytes, file: IO[bytes] | None) -> str:
    ends = time.monotonic() + SCAN_TIMEOUT
    try:
        with _connect(clamd) as link:
            link.sendall(verb)
            if file is not None:
                _send(link, file, ends)
            return _receive(link, ends)
    except (OSError, UnicodeDecodeError) as away:
        raise ScannerAway(type(away).__name__) from None


def _connect(clamd: Clamd) -> socket.socket:
    if not clamd.path:
        return socket.create_connection((clamd.host, clamd.port), CONNECT_TIMEOUT)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(CONNECT_TIMEOUT)
        link.connect(clamd.path)
    except OSError:
        link.close()
        raise
    return link


def _send(link: socket.socket, file: IO[bytes], ends: float) -> None:
    while piece := file.read(_PIECE):
        link.settimeout(_time_left(ends))
        link.sendall(struct.pack("!L", len(piece)) + piece)
    link.sendall(struct.pack("!L", 0))


def _receive(link: socket.socket, ends: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_MAX:
        link.settimeout(_time_left(ends))
        heard = link.recv(_ANSWER_MAX)
        if not heard:
            break
        answer += heard
    return answer.rstrip(b"\0\n").decode()


def _time_left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
