"""Detection of a file's media type by its content; executables and mismatching names are refused.

The portal never displays a file, it only offers it for download. Allowed are the types that office
software opens without running code.
"""

import codecs
import re
import zipfile
from collections.abc import Iterator
from typing import IO

import puremagic

from portal.platform.kernel.errors import RuleBroken
from portal.platform.storage import office
from portal.platform.storage.active_pdf import find_refusal_code
from portal.platform.storage.names import extension_of
from portal.platform.storage.refusals import ACCEPTED_KINDS, REFUSED_EXTENSIONS, UnfitFile

FILE_FIELD = "file"
PDF = "application/pdf"
PLAIN = "text/plain"
# By extension, which alone distinguishes kinds of text.
TEXT_TYPES = {".txt": PLAIN, ".md": "text/markdown", ".csv": "text/csv", ".tsv": "text/tab-separated-values"}
BINARY_TYPES = {
    ".pdf": PDF,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
ALLOWED_TYPES = TEXT_TYPES | BINARY_TYPES | office.MEDIA_TYPES

_HEAD = 4096  # bytes: more than signatures need, and than browsers sniff
_TAIL = 1024
_BLOCK = 1 << 16
# HTML, SVG and PHP, which a browser or a server would run.
_PAGE = re.compile(
    rb"(?i)<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|meta|object|embed)\b|<\?php"
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Signatures that are refused whatever the name.
_FORBIDDEN_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "old_office",
    b"MZ": "program",
    b"\x7fELF": "program",
    b"7z\xbc\xaf\x27\x1c": "archive",
    b"Rar!\x1a\x07": "archive",
    b"\x1f\x8b\x08": "archive",
    b"PK\x05\x06": "archive",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def detect_media_type(name: str, file: IO[bytes]) -> str:
    """The media type of a file with a cleaned name. Raises `RuleBroken` with the reason."""
    try:
        return _detect_allowed_media_type(extension_of(name), file)
    except UnfitFile as unfit:
        raise RuleBroken(FILE_FIELD, unfit.sentence) from None


def _detect_allowed_media_type(ending: str, file: IO[bytes]) -> str:
    if ending not in ALLOWED_TYPES:
        raise _build_extension_refusal(ending)
    media_type = _recognise_media_type(file, ending)
    if media_type is None:
        raise UnfitFile("not_text" if ending in TEXT_TYPES else "unknown", ending=ending)
    if media_type != ALLOWED_TYPES[ending]:
        right = next(name for name, kind in ALLOWED_TYPES.items() if kind == media_type)
        raise UnfitFile("misnamed", ending=ending, right=right)
    return media_type


def _build_extension_refusal(ending: str) -> UnfitFile:
    if not ending:
        return UnfitFile("no_ending", kinds=ACCEPTED_KINDS)
    if ending in REFUSED_EXTENSIONS:
        return UnfitFile(REFUSED_EXTENSIONS[ending])
    return UnfitFile("ending", ending=ending[:12], kinds=ACCEPTED_KINDS)


def _recognise_media_type(file: IO[bytes], ending: str) -> str | None:
    """The media type of a file's content; None when it is not allowed.

    Raises `UnfitFile` when there is a more precise reason, such as a file with two formats.
    """
    head = _read_bytes_at(file, 0, _HEAD)
    if head.startswith(office.ZIP_MARK):
        return office.detect_office_media_type(file)
    _refuse_executables_and_web_pages(head)
    if zipfile.is_zipfile(file):
        raise UnfitFile("two_things")
    signature_type = _detect_signature(head)
    if signature_type == PDF:
        return _recognise_pdf_media_type(file, head)
    if signature_type is not None:
        return signature_type
    _refuse_scripts_xml_and_utf16(head)
    return TEXT_TYPES.get(ending, PLAIN) if _is_text(file) else None


def _refuse_executables_and_web_pages(head: bytes) -> None:
    codes = (code for mark, code in _FORBIDDEN_SIGNATURES.items() if head.startswith(mark))
    code = next(codes, "page" if _PAGE.search(head) else "")
    if code:
        raise UnfitFile(code)


def _refuse_scripts_xml_and_utf16(head: bytes) -> None:
    if head.startswith(b"#!"):
        raise UnfitFile("script")
    if _XML.match(head):
        raise UnfitFile("xml")
    if head.startswith(_UTF16) or _looks_utf16(head):
        raise UnfitFile("utf16")


def _recognise_pdf_media_type(file: IO[bytes], head: bytes) -> str | None:
    if not head.startswith(b"%PDF-"):
        return None
    if b"%%EOF" not in _read_tail(file):
        raise UnfitFile("pdf_cut")
    if code := find_refusal_code(file):
        raise UnfitFile(code)
    return PDF


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without a byte order mark: in European text nearly every second byte is zero."""
    pairs = len(head) // 2
    fewer, more = sorted((head[::2].count(0), head[1::2].count(0)))
    return pairs > 4 and more > 0.8 * pairs and not fewer


def _detect_signature(head: bytes) -> str | None:
    """The allowed media type that the first bytes announce; else None."""
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    kinds = [guess.mime_type for guess in guesses if not guess.offset]
    return next((kind for kind in kinds if kind in BINARY_TYPES.values()), None)


def _is_text(file: IO[bytes]) -> bool:
    """Whether a file is text: UTF-8, or an 8-bit encoding, which spreadsheets still write."""
    as_utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    is_8_bit = False
    for block in _iterate_blocks(file):
        if _CONTROLS.search(block):
            return False
        try:
            if as_utf8:
                as_utf8.decode(block)
        except UnicodeDecodeError:
            as_utf8, is_8_bit = None, True
    return is_8_bit or as_utf8 is not None


def _iterate_blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block


def _read_bytes_at(file: IO[bytes], start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _read_tail(file: IO[bytes]) -> bytes:
    end = file.seek(0, 2)
    return _read_bytes_at(file, max(0, end - _TAIL), _TAIL)
