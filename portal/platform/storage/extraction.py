"""The text of a file, read in a process of its own: `python -m portal.platform.storage.extraction TYPE`.

Standard input is the file, standard output its text. The process limits its own memory, time and
output before it reads anything, so a hostile file ends this process and nothing else. No part of a
document is unpacked to the disk, no document within a document is read, and XML with a document type
(where entities are defined) is refused. Its exit status tells why something was left out (`STATUSES`).
"""

import codecs
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import IO
from xml.parsers import expat

MEMORY_MAX = 768 << 20  # bytes
CPU_MAX = 20  # seconds
OUTPUT_MAX = 1 << 20  # bytes written to a file
TEXT_MAX = 100_000  # characters
UNPACKED_MAX = 64 << 20  # bytes of all parts that are read
PARTS_MAX = 200  # parts of a document that are read
DEPTH_MAX = 200  # elements of XML within each other
PAGES_MAX = 300  # of a PDF
BLOCK = 1 << 16
PDF = "application/pdf"

_OPEN_XML = re.compile(
    r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml"
    r"|xl/workbook\.xml|xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml"
    r"|ppt/slides/slide\d+\.xml"
)
_OPEN_DOCUMENT = re.compile(r"content\.xml")
_PARTS: Mapping[str, re.Pattern[str]] = {
    "application/vnd.openxmlformats-officedocument.": _OPEN_XML,
    "application/vnd.oasis.opendocument.": _OPEN_DOCUMENT,
}
_TEXT_ELEMENTS = {_OPEN_XML: frozenset(("t",)), _OPEN_DOCUMENT: frozenset(("p", "h"))}
_NAMES = {"sheet": "name", "table": "table:name"}  # attributes with the names of a workbook's sheets
_ENDS_OF_LINE = frozenset(("p", "h", "si", "is", "tr", "row", "br", "tab", "line-break", "table-cell"))


class UnreadReason(StrEnum):
    """Why a text is not read, or not to its end."""

    LOCKED = "locked"  # by a password
    ENTITIES = "entities"  # it declares a document type
    DEEP = "deep"  # its elements are nested too deep
    LARGE = "large"  # it unpacks to too much
    SLOW = "slow"  # it takes too much time
    DAMAGED = "damaged"
    NO_TEXT = "no_text"  # such as a scan
    LONG = "long"  # its beginning was read


STATUSES = {reason: 10 + place for place, reason in enumerate(UnreadReason)}  # of this process


class _UnreadPart(Exception):
    """The rest of the file is not read."""

    def __init__(self, reason: UnreadReason) -> None:
        super().__init__(reason)
        self.reason = reason


def can_extract_text(media_type: str) -> bool:
    """Whether files of a type are read."""
    return media_type == PDF or media_type.startswith(("text/", *_PARTS))


def main(media_type: str) -> None:
    """Write the text of standard input to standard output, and exit with the status of its reason."""
    limit_process_resources(OUTPUT_MAX)
    with open(0, "rb", closefd=False) as file, open(1, "wb", closefd=False) as output:
        reason = write_extracted_text(read_text_parts(file, media_type), output)
    sys.exit(STATUSES[reason] if reason else 0)


def limit_process_resources(output_max: int) -> None:
    """Limit what this process may use, before it reads anything; `output_max` in bytes."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, CPU_MAX),
        (resource.RLIMIT_FSIZE, output_max),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def write_extracted_text(parts: Iterable[str], output: IO[bytes]) -> UnreadReason | None:
    """Write the first `TEXT_MAX` characters, and what was read before a file proved unfit; returns why
    something is left out, None for a whole text."""
    left, has_words = TEXT_MAX, False
    try:
        for part in parts:
            output.write(part[:left].replace("\0", " ").encode("utf-8", "ignore"))
            has_words = has_words or bool(part.strip())
            left -= len(part)
            if left < 0:
                return UnreadReason.LONG
    except _UnreadPart as unread:
        return unread.reason
    except MemoryError:
        return UnreadReason.LARGE
    except Exception:  # noqa: BLE001  whatever a library makes of a hostile file
        return UnreadReason.DAMAGED
    return None if has_words else UnreadReason.NO_TEXT


def read_text_parts(file: IO[bytes], media_type: str) -> Iterator[str]:
    """The text of a file in parts."""
    if media_type == PDF:
        return _read_pdf(file)
    if media_type.startswith("text/"):
        return _read_plain(file)
    patterns = (pattern for kind, pattern in _PARTS.items() if media_type.startswith(kind))
    return _read_office(file, next(patterns))


def _read_plain(file: IO[bytes]) -> Iterator[str]:
    data = file.read(4 * TEXT_MAX + 1)
    try:
        yield codecs.getincrementaldecoder("utf-8-sig")().decode(data)  # a letter that is cut is left out
    except UnicodeDecodeError:
        yield data.decode("cp1252", "replace")


def _read_pdf(file: IO[bytes]) -> Iterator[str]:
    import pypdf  # noqa: PLC0415  takes longer to import than most files to read

    reader = pypdf.PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _UnreadPart(UnreadReason.LOCKED)
    for number, page in enumerate(reader.pages):
        if number >= PAGES_MAX:
            raise _UnreadPart(UnreadReason.LONG)
        yield f"{page.extract_text()}\n"


def _read_office(file: IO[bytes], pattern: re.Pattern[str]) -> Iterator[str]:
    unpacked = 0
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if pattern.fullmatch(name)]
        for name in names[:PARTS_MAX]:
            reader = _XmlText(_TEXT_ELEMENTS[pattern])
            with archive.open(name) as part:
                while block := part.read(BLOCK):
                    unpacked += len(block)
                    if unpacked > UNPACKED_MAX:
                        raise _UnreadPart(UnreadReason.LARGE)
                    yield reader.feed(block)
        if len(names) > PARTS_MAX:
            raise _UnreadPart(UnreadReason.LONG)


class _XmlText:
    """The text within some elements of XML, whatever their namespace."""

    def __init__(self, elements: frozenset[str]) -> None:
        self._elements = elements
        self._depth, self._within = 0, 0
        self._texts: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_entities
        self._parser.EntityDeclHandler = _refuse_entities
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add

    def feed(self, block: bytes) -> str:
        self._parser.Parse(block, False)
        text, self._texts = "".join(self._texts), []
        return text

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise _UnreadPart(UnreadReason.DEEP)
        local = name.rpartition(":")[2]
        self._within += local in self._elements
        if sheet := attributes.get(_NAMES.get(local, "")):
            self._texts.append(f"{sheet}\n")

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self._depth -= 1
        self._within -= local in self._elements
        if local in _ENDS_OF_LINE:
            self._texts.append("\n")

    def _add(self, text: str) -> None:
        if self._within:
            self._texts.append(text)


def _refuse_entities(*_declaration: object) -> None:
    raise _UnreadPart(UnreadReason.ENTITIES)


if __name__ == "__main__":
    main(sys.argv[1])
