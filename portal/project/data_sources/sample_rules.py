"""Measuring a CSV file as it passes: how many records, and its fingerprint. Nothing is kept."""

import hashlib

SAMPLE_MAX = 20 * 1024 * 1024  # bytes

_CR = b"\r"
_BOM = b"\xef\xbb\xbf"
_FIELD_SEPARATORS = (b",", b";", b"\t", b"|", b"\n")  # what a field may begin after
_OTHER_FORMATS = (b"%PDF-", b"{\\rtf", b"<?xml", b"<!DOCTYPE", b"<html")
_LONGEST_START = max(map(len, _OTHER_FORMATS))


class CsvMeter:
    """Takes a file in pieces of any size. Records are counted as spreadsheets and libraries do: a
    line feed inside quotes ends none, blank lines are none, and a quotation mark opens a field only
    where one begins: `5" pipe` has a plain one. Of more than `SAMPLE_MAX` bytes only the size is
    known.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._quoted = False
        self._closing = False  # a mark just closed a field, unless the next byte is another
        self._begins = True  # a field begins here
        self._filled = False  # the record under way holds something
        self._ended = 0
        self._held = b""  # a carriage return whose line feed may be in the next piece
        self._start = b""
        self.size = 0
        self.is_text = True

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > SAMPLE_MAX:
            return
        self._digest.update(piece)
        self._detect_format(piece)
        piece = self._held + piece
        self._held = _CR if piece.endswith(_CR) else b""
        if self._held:
            piece = piece[:-1]
        self._count_records(piece.replace(b"\r\n", b"\n").replace(_CR, b"\n"))

    def _detect_format(self, piece: bytes) -> None:
        """A PDF may hold no NUL, yet it is no table."""
        if len(self._start) < _LONGEST_START:
            self._start = (self._start + piece)[:_LONGEST_START]
        is_other = self._start.startswith(_OTHER_FORMATS)
        self.is_text = self.is_text and b"\0" not in piece and not is_other

    def _count_records(self, piece: bytes) -> None:
        first, *others = piece.split(b'"')
        self._read_unquoted(first)
        for part in others:
            self._read_quotation_mark()
            self._read_unquoted(part)

    def _read_quotation_mark(self) -> None:
        self._filled = True
        if self._quoted:
            self._quoted, self._closing = False, True
        else:
            self._quoted = self._begins or self._closing
            self._closing = False
        self._begins = False

    def _read_unquoted(self, part: bytes) -> None:
        """What stands between two quotation marks."""
        if self._quoted or not part:
            return
        self._closing = False
        self._begins = self._begins_after(part)
        lines = part.split(b"\n")
        self._filled = self._filled or bool(lines[0].strip())
        if len(lines) == 1:
            return
        self._ended += self._filled + sum(1 for line in lines[1:-1] if line.strip())
        self._filled = bool(lines[-1].strip())

    def _begins_after(self, part: bytes) -> bool:
        """Spaces before a mark do not count, as the byte order mark of a whole file does not."""
        before = part.rstrip(b" ")
        if not before:
            return self._begins
        return before.endswith(_FIELD_SEPARATORS) or (not self._ended and before == _BOM)

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
