"""Virus scan with ClamAV: a client of clamd's socket protocol.

Protocol (`man 8 clamd`): `zINSTREAM`, chunks prefixed with their length, an empty chunk; the answer
is `stream: OK`, `stream: NAME FOUND` or `… ERROR`. Any other answer, or none in time, means that
the scanner is unavailable, and the file is refused.
"""

import socket
import struct
import time
from typing import IO

from portal.platform.kernel.storage_settings import Clamd

CONNECT_TIMEOUT = 3.0  # seconds
SCAN_TIMEOUT = 25.0  # seconds from the connection to the answer
_PIECE = 1 << 16
_ANSWER_MAX = 4096
_CLEAN, _INFECTED = "OK", " FOUND"


class ScannerAway(Exception):
    """The scanner did not answer in time, or not as expected."""


def find_virus_name(clamd: Clamd, file: IO[bytes]) -> str | None:
    """ClamAV's name of the virus in a file; None when clean. Raises `ScannerAway`."""
    file.seek(0)
    answer = _send_command(clamd, b"zINSTREAM\0", file)
    verdict = answer.removeprefix("stream: ")
    if verdict == _CLEAN:
        return None
    if verdict.endswith(_INFECTED):
        return verdict.removesuffix(_INFECTED)
    raise ScannerAway(answer[:80])


def require_clamd_answer(clamd: Clamd) -> None:
    """Raise `ScannerAway` when clamd does not answer."""
    if _send_command(clamd, b"zPING\0", None) != "PONG":
        raise ScannerAway("no PONG")


def _send_command(clamd: Clamd, verb: bytes, file: IO[bytes] | None) -> str:
    ends = time.monotonic() + SCAN_TIMEOUT
    try:
        with _connect_to_clamd(clamd) as link:
            link.sendall(verb)
            if file is not None:
                _send_file_pieces(link, file, ends)
            return _receive_answer(link, ends)
    except (OSError, UnicodeDecodeError) as away:
        raise ScannerAway(type(away).__name__) from None


def _connect_to_clamd(clamd: Clamd) -> socket.socket:
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


def _send_file_pieces(link: socket.socket, file: IO[bytes], ends: float) -> None:
    while piece := file.read(_PIECE):
        link.settimeout(_time_left(ends))
        link.sendall(struct.pack("!L", len(piece)) + piece)
    link.sendall(struct.pack("!L", 0))


def _receive_answer(link: socket.socket, ends: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_MAX:
        link.settimeout(_time_left(ends))
        received = link.recv(_ANSWER_MAX)
        if not received:
            break
        answer += received
    return answer.rstrip(b"\0\n").decode()


def _time_left(ends: float) -> float:
    seconds = ends - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
