"""Streaming measures of a CSV file: number of records and SHA-256. The file is not stored."""

import hashlib

SAMPLE_MAX = 20 * 1024 * 1024  # bytes

_CR = b"\r"
_BOM = b"\xef\xbb\xbf"
_FIELD_SEPARATORS = (b",", b";", b"\t", b"|", b"\n")  # bytes after which a field begins
_OTHER_FORMATS = (b"%PDF-", b"{\\rtf", b"<?xml", b"<!DOCTYPE", b"<html")
_LONGEST_START = max(map(len, _OTHER_FORMATS))


class CsvMeter:
    """A streaming parser of a file that comes in pieces of any size.

    Counts records as spreadsheets and CSV libraries do: a line feed inside quotes ends no record,
    blank lines do not count, and a quotation mark quotes a field only at its start (that of
    `5" pipe` is a plain character). Beyond `SAMPLE_MAX` bytes only the size is measured.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._quoted = False
        self._closing = False  # the last mark closed the field, unless another one follows
        self._begins = True  # the next byte begins a field
        self._filled = False  # the current record has content
        self._ended = 0
        self._pending_cr = b""  # a carriage return whose line feed may be in the next piece
        self._start = b""
        self.size = 0
        self.is_text = True

    def take(self, piece: bytes) -> None:
        """Measure the next piece."""
        self.size += len(piece)
        if self.size > SAMPLE_MAX:
            return
        self._digest.update(piece)
        self._detect_binary_format(piece)
        piece = self._pending_cr + piece
        self._pending_cr = _CR if piece.endswith(_CR) else b""
        if self._pending_cr:
            piece = piece[:-1]
        self._count_records(piece.replace(b"\r\n", b"\n").replace(_CR, b"\n"))

    def _detect_binary_format(self, piece: bytes) -> None:
        """Clear `is_text` for NUL bytes and for the signatures of other formats."""
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
        """Read the bytes between two quotation marks."""
        if self._quoted or not part:
            return
        self._closing = False
        self._begins = self._field_begins_after(part)
        lines = part.split(b"\n")
        self._filled = self._filled or bool(lines[0].strip())
        if len(lines) == 1:
            return
        self._ended += self._filled + sum(1 for line in lines[1:-1] if line.strip())
        self._filled = bool(lines[-1].strip())

    def _field_begins_after(self, part: bytes) -> bool:
        """Tell whether a field begins after these bytes, ignoring spaces and a byte order mark."""
        before = part.rstrip(b" ")
        if not before:
            return self._begins
        return before.endswith(_FIELD_SEPARATORS) or (not self._ended and before == _BOM)

    @property
    def is_whole(self) -> bool:
        """Tell whether every quoted field was closed."""
        return not self._quoted

    @property
    def records(self) -> int:
        """Return the number of records so far, the header included."""
        return self._ended + self._filled

    @property
    def sha256(self) -> str:
        """Return the digest of all bytes so far, in hexadecimal."""
        return self._digest.hexdigest()
