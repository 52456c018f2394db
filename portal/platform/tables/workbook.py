"""Read the sheets of an Excel workbook (.xlsx) in bounded memory. Pure.

Cells are returned as their raw text: formulas as their last result, days as their number. A
document type is refused, so that no XML entity is expanded. Source: ECMA-376 part 1, section 18.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from portal.platform.tables.csv_file import CELL_MAX, COLUMNS_MAX, TableRecord, UnreadableFile

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

    records: Sequence[TableRecord]
    from_1904: bool


def read_first_sheet(data: bytes, most: int) -> WorkbookSheet:
    """At most `most` rows of the first visible sheet. Raises `UnreadableFile`."""
    with _open_workbook(data, PART_MAX) as book:
        return book.read_sheet(next(iter(book.sheets.values()), ""), most)


def read_sheets(data: bytes, most: int, part_max: int) -> Mapping[str, WorkbookSheet]:
    """At most `most` rows of each visible sheet, by name; a part has at most `part_max` bytes.
    Raises `UnreadableFile`."""
    with _open_workbook(data, part_max) as book:
        return {name: book.read_sheet(id_, most) for name, id_ in book.sheets.items()}


@contextmanager
def _open_workbook(data: bytes, part_max: int) -> Iterator["_Workbook"]:
    """A workbook; whatever is wrong with it becomes `UnreadableFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield _Workbook(archive, part_max)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError):
        raise UnreadableFile("workbook") from None
    except (RuntimeError, EOFError, zipfile.LargeZipFile):
        raise UnreadableFile("workbook") from None  # encrypted, or another compression


class _Workbook:
    """An open workbook: `sheets` are the ids of its visible sheets by name, in their order."""

    def __init__(self, archive: zipfile.ZipFile, part_max: int) -> None:
        if len(archive.infolist()) > PARTS_MAX:
            raise UnreadableFile("workbook")
        self._archive, self._part_max = archive, part_max
        book, links, strings = _WorkbookPart(), _RelationshipsPart(), _SharedStringsPart()
        self._parse_part("xl/workbook.xml", book)
        self._parse_part("xl/_rels/workbook.xml.rels", links)
        if "xl/sharedStrings.xml" in archive.namelist():
            self._parse_part("xl/sharedStrings.xml", strings)
        self.sheets, self._from_1904 = book.sheets, book.from_1904
        self._targets, self._strings = links.targets, strings.strings

    def read_sheet(self, id_: str, most: int) -> WorkbookSheet:
        """At most `most` rows of a sheet."""
        target = self._targets[id_]
        cells = _SheetPart(self._strings, most)
        self._parse_part(target.lstrip("/") if target.startswith("/") else f"xl/{target}", cells)
        return WorkbookSheet(cells.records, self._from_1904)

    def _parse_part(self, path: str, part: "_XmlPart") -> None:
        if self._archive.getinfo(path).file_size > self._part_max:
            raise UnreadableFile("too_large", megabytes=self._part_max // 1024**2)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda name, attributes: part.start(_local_name(name), attributes)
        parser.EndElementHandler = lambda name: part.end(_local_name(name))
        parser.CharacterDataHandler = part.text
        with self._archive.open(path) as file:
            for piece in _iterate_pieces(file):
                parser.Parse(piece)
        parser.Parse(b"", True)


class _XmlPart:
    """A handler of XML events that ignores everything; subclasses override its methods."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _refuse_doctype(*_args: object) -> None:
    raise UnreadableFile("workbook")


def _iterate_pieces(file: IO[bytes]) -> Iterator[bytes]:
    read: Callable[[], bytes] = lambda: file.read(_PIECE)  # noqa: E731
    return iter(read, b"")


def _local_name(name: str) -> str:
    """The name without its namespace, the only difference of strict and transitional workbooks."""
    return name.rpartition(" ")[2]


class _WorkbookPart(_XmlPart):
    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}  # visible ones, in their order: name → id
        self.from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            self.sheets[attributes["name"]] = next(
                value for key, value in attributes.items() if key.endswith(" id")
            )


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

    def as_record(self) -> TableRecord:
        last = max(self.cells, default=-1)
        return TableRecord(self.line, [self.cells.get(n, "") for n in range(last + 1)])


class _SheetPart(_TextPart):
    """Collects the cells of a sheet, row by row."""

    def __init__(self, strings: Sequence[str], most: int) -> None:
        super().__init__()
        self._strings, self._most = strings, most
        self._row, self._at, self._type, self._in_value = _Row(0), -1, "", False
        self.records: list[TableRecord] = []

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
