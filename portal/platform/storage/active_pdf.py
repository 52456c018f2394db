"""Active parts of a PDF: scripts, launches, files inside. Names are searched, also in compressed streams.

A PDF is read without its structure, which an attacker writes: every stream that inflates is inflated,
within limits, and names are read as PDF does, with their `#xx` escapes.
"""

import re
import zlib
from collections.abc import Iterator
from typing import IO

STREAM_MAX = 4 * 1024 * 1024  # bytes of one inflated stream
TOTAL_MAX = 64 * 1024 * 1024  # bytes of all of them
STREAMS_MAX = 20_000
_ACTIVE = {b"JavaScript", b"JS", b"Launch", b"XFA", b"RichMedia", b"SubmitForm", b"ImportData", b"Movie"}
_HOLDS = {b"EmbeddedFile", b"EmbeddedFiles", b"GoToE"}
_LOCKED = {b"Encrypt"}
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){2,40})(?=[\s/<>\[\](){}%]|$)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS = re.compile(rb"/(?:#4[Ff]|O)(?:[A-Za-z]|#[0-9A-Fa-f]{2}){5}\b")  # /ObjStm, however it is written


def find_refusal_code(file: IO[bytes]) -> str:
    """The code of the refusal (`pdf_active`, `pdf_holds`, `pdf_locked`); "" for a quiet PDF."""
    file.seek(0)
    content = file.read()
    codes = {code for code in map(_find_part_refusal_code, _iterate_pdf_parts(content)) if code}
    return next((code for code in ("pdf_locked", "pdf_active", "pdf_holds") if code in codes), "")


def _find_part_refusal_code(part: bytes | None) -> str:
    if part is None:
        return "pdf_locked"
    names = {_unescape(match[1]) for match in _NAME.finditer(part)}
    for code, words in (("pdf_locked", _LOCKED), ("pdf_active", _ACTIVE), ("pdf_holds", _HOLDS)):
        if names & words:
            return code
    return ""


def _unescape(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name)


def _iterate_pdf_parts(content: bytes) -> Iterator[bytes | None]:
    """The text between streams, and the inflated streams of objects; None for more than may be read."""
    total, previous = 0, 0
    for number, match in enumerate(_STREAM.finditer(content)):
        if number > STREAMS_MAX:
            yield None
            return
        start = match.end()
        if start < previous:
            continue
        before = content[previous:start]
        yield before
        end = content.find(b"endstream", start)
        end = len(content) if end < 0 else end
        previous = end
        if not _OBJECTS.search(before):
            continue  # pixels, fonts, marks on a page: they hold no actions
        inflater = zlib.decompressobj()
        try:
            inflated = inflater.decompress(content[start:end], STREAM_MAX)
        except zlib.error:
            yield None  # objects under another filter
            continue
        total += len(inflated)
        yield None if inflater.unconsumed_tail or total > TOTAL_MAX else inflated
    yield content[previous:]
