"""Read the first sheet of an Excel workbook (.xlsx) in bounded memory. Pure.

Cells are returned as their raw text: formulas as their last result, days as their number. A
document type is refused, so that no XML entity is expanded. Source: ECMA-376 part 1, section 18.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from portal.sprints.backlog_import.csv_documents import CELL_MAX, COLUMNS_MAX, Record, UnreadableFile

ZIP_MAGIC = b"PK\x03\x04"
PART_MAX = 16 * 1024 * 1024  # bytes of one part, decompressed
PARTS_MAX = 1000
ROW_LAST = 1_048_576  # of a sheet
_PIECE = 64 * 1024
_CELL_REF = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_LETTERS = 26


@dataclass(frozen=True)
class WorkbookSheet:
    """The non-empty rows of a sheet; `from_1904`: whether days count from 1904 instead of 1900."""

    records: Sequence[Record]
    from_1904: bool


def read_workbook(data: bytes, most: int) -> WorkbookSheet:
    """At most `most` rows of the first visible sheet. Raises `UnreadableFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_archive(archive, most)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError):
        raise UnreadableFile("workbook") from None
    except (RuntimeError, EOFError, zipfile.LargeZipFile):
        raise UnreadableFile("workbook") from None  # encrypted, or another compression


def _read_archive(archive: zipfile.ZipFile, most: int) -> WorkbookSheet:
    if len(archive.infolist()) > PARTS_MAX:
        raise UnreadableFile("workbook")
    book = _WorkbookPart()
    _parse(archive, "xl/workbook.xml", book)
    links = _RelationshipsPart()
    _parse(archive, "xl/_rels/workbook.xml.rels", links)
    strings = _SharedStringsPart()
    if "xl/sharedStrings.xml" in archive.namelist():
        _parse(archive, "xl/sharedStrings.xml", strings)
    target = links.targets[book.first]
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    cells = _SheetPart(strings.strings, most)
    _parse(archive, path, cells)
    return WorkbookSheet(cells.records, book.from_1904)


class _XmlPart:
    """A handler of XML events that ignores everything; subclasses override its methods."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _parse(archive: zipfile.ZipFile, path: str, part: _XmlPart) -> None:
    if archive.getinfo(path).file_size > PART_MAX:
        raise UnreadableFile("too_large", megabytes=PART_MAX // 1024**2)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: part.start(_local_name(name), attributes)
    parser.EndElementHandler = lambda name: part.end(_local_name(name))
    parser.CharacterDataHandler = part.text
    with archive.open(path) as file:
        for piece in _pieces(file):
            parser.Parse(piece)
    parser.Parse(b"", True)


def _refuse_doctype(*_args: object) -> None:
    raise UnreadableFile("workbook")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    read: Callable[[], bytes] = lambda: file.read(_PIECE)  # noqa: E731
    return iter(read, b"")


def _local_name(name: str) -> str:
    """The name without its namespace, the only difference of strict and transitional workbooks."""
    return name.rpartition(" ")[2]


class _WorkbookPart(_XmlPart):
    def __init__(self) -> None:
        self.first, self.from_1904 = "", False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet" and not self.first and attributes.get("state", "visible") == "visible":
            self.first = next(value for key, value in attributes.items() if key.endswith(" id"))


class _RelationshipsPart(_XmlPart):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes["Id"]] = attributes["Target"]


class _TextPart(_XmlPart):
    """Collects the text of `t` elements, except phonetic text (`rPh`)."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._in_text = self._in_phonetic = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._in_phonetic = self._in_phonetic or name == "rPh"
        self._in_text = name == "t" and not self._in_phonetic

    def end(self, name: str) -> None:
        self._in_text = False
        self._in_phonetic = self._in_phonetic and name != "rPh"

    def text(self, text: str) -> None:
        if self._in_text:
            self._texts.append(text)

    def take_text(self) -> str:
        content, self._texts = "".join(self._texts), []
        if len(content) > CELL_MAX:
            raise UnreadableFile("workbook")
        return content


class _SharedStringsPart(_TextPart):
    """The table of shared strings."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.strings.append(self.take_text())


@dataclass
class _Row:
    line: int
    cells: dict[int, str] = field(default_factory=dict)

    def as_record(self) -> Record:
        last = max(self.cells, default=-1)
        return Record(self.line, [self.cells.get(n, "") for n in range(last + 1)])


class _SheetPart(_TextPart):
    """Collects the cells of a sheet, row by row."""

    def __init__(self, strings: Sequence[str], most: int) -> None:
        super().__init__()
        self._strings, self._most = strings, most
        self._row, self._at, self._type, self._in_value = _Row(0), -1, "", False
        self.records: list[Record] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        super().start(name, attributes)
        if name == "row":
            line = int(attributes.get("r", self._row.line + 1))
            if not self._row.line < line <= ROW_LAST:
                raise UnreadableFile("workbook")
            self._row, self._at = _Row(line), -1
        elif name == "c":
            self._at = _column_index(attributes["r"]) if "r" in attributes else self._at + 1
            if self._at >= COLUMNS_MAX:
                raise UnreadableFile("too_many_columns", most=COLUMNS_MAX)
            self._type = attributes.get("t", "n")
        self._in_value = name == "v"

    def text(self, text: str) -> None:
        if self._in_value or self._in_text:
            self._texts.append(text)

    def end(self, name: str) -> None:
        super().end(name)
        self._in_value = False
        if name == "c":
            cell_text = self.take_text()
            if self._type == "s" and cell_text:
                cell_text = self._strings[_parse_shared_index(cell_text, len(self._strings))]
            if cell_text.strip():
                self._row.cells[self._at] = cell_text
        elif name == "row" and self._row.cells:
            if len(self.records) >= self._most:
                raise UnreadableFile("too_many_rows", most=self._most - 1)
            self.records.append(self._row.as_record())


def _parse_shared_index(text: str, count: int) -> int:
    place = int(text)
    if not 0 <= place < count:
        raise UnreadableFile("workbook")
    return place


def _column_index(ref: str) -> int:
    match = _CELL_REF.fullmatch(ref)
    if match is None:
        raise UnreadableFile("workbook")
    place = 0
    for letter in match[1]:
        place = place * _LETTERS + ord(letter) - ord("A") + 1
    return place - 1
