"""Read a CSV file of any tool in bounded memory. Pure.

`CsvIntake` compresses the upload piece by piece; `read_records` reads it again, record by record.
Unreadable files raise `UnreadableFile` with a code and facts.
"""

import codecs
import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from portal.platform.kernel.text import clean_text

FILE_MAX = 10 * 1024 * 1024  # bytes
TOO_LARGE = "too_large", {"megabytes": FILE_MAX // 1024**2}  # code and facts of an `UnreadableFile`
ROWS_MAX = 20_000
COLUMNS_MAX = 500
CELL_MAX = csv.field_size_limit()  # 131 072 characters
SAMPLE_LINES = 500  # lines in which filled cells are counted
NAME_MAX = 200  # characters of a column's name
HEAD_CHARS = 256 * 1024  # the names of the columns must be within
DELIMITERS = ",;\t"

_PIECE = 64 * 1024
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D} | {0x7F})
_NOT_CP1252 = bytes({0x81, 0x8D, 0x8F, 0x90, 0x9D})
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_OTHER_TEXTS = (b"<", b"{", b"[", b"%PDF")


class UnreadableFile(Exception):
    """Why a file cannot be read: a code for the sentence of whoever reads, and facts for it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class CsvIntake:
    """Compresses a file, piece by piece, and detects its encoding."""

    def __init__(self) -> None:
        self.size = 0
        self._head = b""
        self._packer = zlib.compressobj(1)
        self._packed: list[bytes] = []
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._is_cp1252 = True
        self._has_controls = False

    def take(self, piece: bytes) -> None:
        """Take the next piece of the upload; beyond `FILE_MAX` nothing is stored."""
        self.size += len(piece)
        if self.size > FILE_MAX:
            self._packed.clear()
            return
        self._head = self._head or piece[:16]
        self._packed.append(self._packer.compress(piece))
        self._has_controls = self._has_controls or _contains_any(piece, _CONTROLS)
        self._is_cp1252 = self._is_cp1252 and not _contains_any(piece, _NOT_CP1252)
        if self._utf8 is not None:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self._utf8 = None

    def finish(self) -> tuple[bytes, str]:
        """The compressed file and its encoding. Raises `UnreadableFile`."""
        if not self.size:
            raise UnreadableFile("empty")
        if self.size > FILE_MAX:
            code, facts = TOO_LARGE
            raise UnreadableFile(code, **facts)
        if self._head.startswith(_ARCHIVES):
            raise UnreadableFile("archive")
        encoding = self._detect_encoding()
        if encoding != "utf-16" and (
            self._has_controls or self._head.removeprefix(_MARKS[0][0]).startswith(_OTHER_TEXTS)
        ):
            raise UnreadableFile("not_csv")
        return b"".join([*self._packed, self._packer.flush()]), encoding

    def _detect_encoding(self) -> str:
        for mark, encoding in _MARKS:
            if self._head.startswith(mark):
                return encoding
        if self._utf8 is not None:
            return "utf-8"
        if self._is_cp1252:
            return "cp1252"
        raise UnreadableFile("encoding")


def _contains_any(piece: bytes, unwanted: bytes) -> bool:
    return len(piece.translate(None, unwanted)) != len(piece)


class _DecompressedStream(io.RawIOBase):
    """A raw stream of the decompressed bytes, in pieces no larger than the buffer."""

    def __init__(self, packed: bytes) -> None:
        self._unpacker, self._left = zlib.decompressobj(), packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._unpacker.decompress(self._left, len(buffer))
        self._left = self._unpacker.unconsumed_tail
        buffer[: len(piece)] = piece
        return len(piece)


def _open_packed(packed: bytes, encoding: str) -> io.TextIOWrapper:
    raw: Any = _DecompressedStream(packed)
    return io.TextIOWrapper(io.BufferedReader(raw, _PIECE), encoding=encoding, newline="")


@dataclass(frozen=True)
class CsvLayout:
    """The encoding and delimiter of a file, and the names of its columns."""

    encoding: str
    delimiter: str
    names: Sequence[str]


def read_layout(packed: bytes, encoding: str, count_known: Callable[[Sequence[str]], int]) -> CsvLayout:
    """The layout, from the first record. `count_known` says how many names its reader knows.

    The delimiter is the one of Excel's line « sep= », or else the one that gives the most known
    names, then the most cells. Raises `UnreadableFile` without names.
    """
    with _open_packed(packed, encoding) as file:
        try:
            head = file.read(HEAD_CHARS)
        except UnicodeError:
            raise UnreadableFile("encoding") from None
    if "\0" in head:
        raise UnreadableFile("not_csv")
    sep_match = _SEP_LINE.match(head)
    declared_delimiter, head = (sep_match[1], head[sep_match.end() :]) if sep_match else ("", head)
    best: tuple[int, int, str, list[str]] = (0, 0, "", [])
    for delimiter in declared_delimiter or DELIMITERS:
        names = _first_record(head, delimiter)
        score = count_known(names), len(names)
        if score > best[:2]:
            best = (*score, delimiter, names)
    names = [clean_text(name)[:NAME_MAX] for name in best[3]]
    if len(names) > COLUMNS_MAX:
        raise UnreadableFile("too_many_columns", most=COLUMNS_MAX)
    if not any(names):
        raise UnreadableFile("no_names")
    if len(names) == 1 and not best[0]:
        raise UnreadableFile("one_column")
    return CsvLayout(encoding, best[2], names)


def _first_record(head: str, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return next((row for row in rows if any(row)), [])
    except csv.Error:
        return []


@dataclass(frozen=True, slots=True)
class TableRecord:
    """A row of cells; `line` is its row in a spreadsheet, from 1: a cell may hold line breaks."""

    line: int
    cells: list[str]


def count_filled_cells_in_first_lines(packed: bytes, layout: CsvLayout) -> Mapping[str, int]:
    """How many cells of each column are filled in the first lines of a file."""
    counts = Counter[str]()
    with suppress(UnreadableFile):  # the comparison says what is wrong
        for record in islice(read_records(packed, layout), SAMPLE_LINES):
            filled = {name for name, cell in zip(layout.names, record.cells, strict=False) if cell.strip()}
            counts.update(filled)
    return counts


def read_records(packed: bytes, layout: CsvLayout) -> Iterator[TableRecord]:
    """The non-empty records after the names. Raises `UnreadableFile`."""
    with _open_packed(packed, layout.encoding) as file:
        row, count = 0, -1
        try:
            lines = _reject_null_bytes(file)
            first = next(lines, "")
            # A spreadsheet takes the line that names the separator, and does not show it.
            table_lines = lines if _SEP_LINE.fullmatch(first) else chain([first], lines)
            for cells in csv.reader(table_lines, delimiter=layout.delimiter, strict=True):
                row += 1
                if not any(cells):
                    continue
                count += 1
                if count > ROWS_MAX:
                    raise UnreadableFile("too_many_rows", most=ROWS_MAX)
                if count:
                    yield TableRecord(row, cells)
        except csv.Error as fault:
            code = _csv_error_code(str(fault))
            raise UnreadableFile(code, line=row + 1, most=CELL_MAX) from None
        except UnicodeError:
            raise UnreadableFile("encoding") from None


def _reject_null_bytes(file: io.TextIOWrapper) -> Iterator[str]:
    for line in file:
        if "\0" in line:
            raise UnreadableFile("not_csv")
        yield line


def _csv_error_code(fault: str) -> str:
    """The code for a message of `csv.Error`."""
    if "field limit" in fault:
        return "cell_too_large"
    return "unclosed" if "unexpected end" in fault else "quotes"
