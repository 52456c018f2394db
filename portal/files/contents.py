"""What a file is, told by what it holds. Its name must say the same, and what runs is refused.

A file is never shown by the portal, only given back to be saved; what is let in is what the
programs of an office open without running it.
"""

import codecs
import re
import zipfile
from collections.abc import Iterator
from typing import IO

import puremagic

from portal.files import office
from portal.files.names import extension_of
from portal.files.refusals import BY_ENDING, KINDS, Unfit
from portal.kernel.errors import RuleBroken

FIELD = "file"
PDF = "application/pdf"
PLAIN = "text/plain"
# By extension; texts are told apart by it alone.
TEXTS = {
    ".txt": PLAIN,
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
MARKED = {
    ".pdf": PDF,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
ALLOWED = TEXTS | MARKED | office.MEDIA_TYPES

_HEAD = 4096  # bytes: more than any mark needs, and than browsers look at to guess
_TAIL = 1024
_BLOCK = 1 << 16
# Pages and drawings that a browser would run; in texts, what else a machine would.
_PAGE = re.compile(
    rb"(?i)<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|meta|object|embed)\b|<\?php"
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a file begins with that is never let in, whatever its name.
_NEVER = {
    b"\xd0\xcf\x11\xe0": "old_office",
    b"MZ": "program",
    b"\x7fELF": "program",
    b"7z\xbc\xaf\x27\x1c": "archive",
    b"Rar!\x1a\x07": "archive",
    b"\x1f\x8b\x08": "archive",
    b"PK\x05\x06": "archive",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def examine(name: str, file: IO[bytes]) -> str:
    """The media type of a file whose name is clean. Raises `RuleBroken` with why it is refused."""
    try:
        return _examine(extension_of(name), file)
    except Unfit as why:
        raise RuleBroken(FIELD, why.sentence) from None


def _examine(ending: str, file: IO[bytes]) -> str:
    if ending not in ALLOWED:
        raise _not_allowed(ending)
    found = _recognise(file, ending)
    if found is None:
        raise Unfit("not_text" if ending in TEXTS else "unknown", ending=ending)
    if found != ALLOWED[ending]:
        right = next(each for each, kind in ALLOWED.items() if kind == found)
        raise Unfit("misnamed", ending=ending, right=right)
    return found


def _not_allowed(ending: str) -> Unfit:
    if not ending:
        return Unfit("no_ending", kinds=KINDS)
    if ending in BY_ENDING:
        return Unfit(BY_ENDING[ending])
    return Unfit("ending", ending=ending[:12], kinds=KINDS)


def _recognise(file: IO[bytes], ending: str) -> str | None:
    """The media type of what a file holds, when it is one thing and no other.

    None: nothing that is let in. Raises `Unfit` where there is more to say.
    """
    head = _read(file, 0, _HEAD)
    if head.startswith(office.ZIP_MARK):
        return office.recognise(file)
    _refuse_what_runs(head)
    if zipfile.is_zipfile(file):
        raise Unfit("two_things")
    marked = _marked(head)
    if marked == PDF:
        return _whole_pdf(file, head)
    if marked is not None:
        return marked
    _refuse_other_texts(head)
    return TEXTS.get(ending, PLAIN) if _is_text(file) else None


def _refuse_what_runs(head: bytes) -> None:
    why = next((why for mark, why in _NEVER.items() if head.startswith(mark)), "")
    if why or _PAGE.search(head):
        raise Unfit(why or "page")


def _refuse_other_texts(head: bytes) -> None:
    if head.startswith(b"#!"):
        raise Unfit("script")
    if _XML.match(head):
        raise Unfit("xml")
    if head.startswith(_UTF16) or _looks_utf16(head):
        raise Unfit("utf16")


def _whole_pdf(file: IO[bytes], head: bytes) -> str | None:
    if not head.startswith(b"%PDF-"):
        return None
    if b"%%EOF" not in _read_tail(file):
        raise Unfit("pdf_cut")
    return PDF


def _looks_utf16(head: bytes) -> bool:
    """Without a mark: of European text, nearly every second byte is empty."""
    pairs = len(head) // 2
    empty = max(head[::2].count(0), head[1::2].count(0))
    other = min(head[::2].count(0), head[1::2].count(0))
    return pairs > 4 and empty > 0.8 * pairs and not other


def _marked(head: bytes) -> str | None:
    """What the first bytes announce, among what is let in."""
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    kinds = [guess.mime_type for guess in guesses if not guess.offset]
    return next((kind for kind in kinds if kind in MARKED.values()), None)


def _is_text(file: IO[bytes]) -> bool:
    """Text: UTF-8, or one of the older alphabets that spreadsheets still write."""
    as_utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    older = False
    for block in _blocks(file):
        if _CONTROLS.search(block):
            return False
        try:
            if as_utf8:
                as_utf8.decode(block)
        except UnicodeDecodeError:
            as_utf8, older = None, True
    return older or as_utf8 is not None


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block


def _read(file: IO[bytes], start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _read_tail(file: IO[bytes]) -> bytes:
    end = file.seek(0, 2)
    return _read(file, max(0, end - _TAIL), _TAIL)
