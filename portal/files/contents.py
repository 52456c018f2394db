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
from portal.kernel.errors import RuleBroken
from portal.kernel.text import gettext as _

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
_SCRIPT = re.compile(rb"<\?xml|^#!")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def examine(name: str, file: IO[bytes]) -> str:
    """The media type of a file whose name is clean. Raises `RuleBroken` with why it is refused."""
    ending = extension_of(name)
    if ending not in ALLOWED:
        raise RuleBroken(FIELD, _not_allowed(ending))
    found = _recognise(file, ending)
    if found is None:
        raise RuleBroken(
            FIELD,
            _(
                "Ce que contient ce fichier n’est pas reconnu comme un « %(ending)s ». Ouvrez-le,"
                " enregistrez-le à nouveau dans ce format, puis joignez-le.",
                ending=ending,
            ),
        )
    if found != ALLOWED[ending]:
        right = next(each for each, kind in ALLOWED.items() if kind == found)
        raise RuleBroken(
            FIELD,
            _(
                "Ce fichier s’appelle « %(ending)s » et contient du « %(right)s » : donnez-lui le"
                " bon nom, puis joignez-le.",
                ending=ending,
                right=right,
            ),
        )
    return found


def _not_allowed(ending: str) -> str:
    kinds = _(
        "PDF, images (PNG, JPEG, GIF, WebP), documents (Word, Excel, PowerPoint,"
        " LibreOffice, sans macros), CSV et texte"
    )
    if not ending:
        return _("Ce fichier n’a pas d’extension. Sont acceptés : %(kinds)s.", kinds=kinds)
    return _(
        "Les fichiers « %(ending)s » ne sont pas acceptés. Le sont : %(kinds)s.",
        ending=ending[:12],
        kinds=kinds,
    )


def _recognise(file: IO[bytes], ending: str) -> str | None:
    """The media type of what a file holds, when it is one thing and no other."""
    head = _read(file, 0, _HEAD)
    if head.startswith(office.ZIP_MARK):
        return office.recognise(file)
    if zipfile.is_zipfile(file) or _PAGE.search(head):
        return None  # two things at once, or something that runs
    marked = _marked(head)
    if marked == PDF:
        return PDF if head.startswith(b"%PDF-") and b"%%EOF" in _read_tail(file) else None
    if marked is not None or _SCRIPT.search(head) or not _is_text(file):
        return marked
    return TEXTS.get(ending, PLAIN)


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
