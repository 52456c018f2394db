"""Measuring a CSV file as it passes: how many records, and its fingerprint. Nothing is kept."""

import hashlib

_CR = b"\r"


class Meter:
    """Takes a file in pieces of any size. Records are counted as RFC 4180 has them: a line feed
    inside quotes ends none, and blank lines are none.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._quoted = False
        self._filled = False  # the record under way holds something
        self._ended = 0
        self._held = b""  # a carriage return whose line feed may be in the next piece
        self.size = 0
        self.is_text = True

    def take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.size += len(piece)
        self.is_text = self.is_text and b"\0" not in piece
        piece = self._held + piece
        self._held = _CR if piece.endswith(_CR) else b""
        if self._held:
            piece = piece[:-1]
        self._count(piece.replace(b"\r\n", b"\n").replace(_CR, b"\n"))

    def _count(self, piece: bytes) -> None:
        first, *others = piece.split(b'"')
        self._read(first)
        for part in others:
            self._quoted = not self._quoted
            self._filled = True
            self._read(part)

    def _read(self, part: bytes) -> None:
        """What stands between two quotation marks."""
        if self._quoted:
            return
        lines = part.split(b"\n")
        self._filled = self._filled or bool(lines[0].strip())
        if len(lines) == 1:
            return
        self._ended += self._filled + sum(1 for line in lines[1:-1] if line.strip())
        self._filled = bool(lines[-1].strip())

    @property
    def is_whole(self) -> bool:
        """Whether every quotation mark that was opened was closed."""
        return not self._quoted

    @property
    def records(self) -> int:
        """Header included."""
        return self._ended + self._filled

    @property
    def sha256(self) -> str:
        """Of all bytes so far, in hexadecimal."""
        return self._digest.hexdigest()
