"""Rendering of documents as PDF/UA-1 (tagged, with title and language) with Typst.

A document is a Typst file in `documents/`, which reads its plain data as JSON, so that no text
becomes code. The fonts are Typst's own (Libertinus, SIL Open Font License): the State's typeface
appears on neither brand.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

import structlog

from portal.platform.kernel import clock
from portal.platform.kernel.child_processes import ROOT, build_child_environment
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.platform.pdf import compilation

log = structlog.get_logger("portal")

# Characters with glyphs in the fonts (Latin, Greek, Cyrillic, symbols): PDF/UA refuses others.
PRINTABLE_RANGES = (
    (0x0A, 0x0A),
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x386, 0x3CE),
    (0x400, 0x45F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x2040),
    (0x20A0, 0x20C0),
    (0x2100, 0x211E),
    (0x2122, 0x2122),
    (0x2190, 0x22FF),
    (0x25A0, 0x25FF),
)
REPLACEMENT_CHARACTER = "□"
_USUAL_TEXT = re.compile("[\\n -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u202f-\u2040\u20a0-\u20bf]*")
PRINTS_CACHED = 16  # of some 60 kB each
TIME_MAX = 120  # seconds, less than the lease of a pack; one of 200 teams takes nine
MEDIA_TYPE = "application/pdf"


class DocumentKind(StrEnum):
    """The documents, by the name of their Typst file."""

    CONSENT = "consent"
    PACK = "pack"
    REPORT = "report"
    TRANSPARENCY = "transparency"


HEADED = (DocumentKind.PACK, DocumentKind.REPORT)


def print_pdf(document: DocumentKind, data: Mapping[str, Any], at: datetime | None = None) -> bytes:
    """The bytes of a PDF. Reproducible: the same data and time give the same bytes.

    `data` holds `title`, `language` ("fr" or "en") and what the document reads; `at` is its
    creation time. Without it the document is of now: what was printed lately of the same data is
    returned again, with the time of then. Raises `subprocess.SubprocessError`.
    """
    if document in HEADED:
        data = {**data, "head": _letterhead_facts(data["language"])}
    text = json.dumps(replace_unprintable(data), ensure_ascii=False)
    return _compile_pdf_cached(document, text, None if at is None else int(at.timestamp()))


@lru_cache(maxsize=PRINTS_CACHED)
def _compile_pdf_cached(document: DocumentKind, text: str, at: int | None) -> bytes:
    timestamp = int(clock.now().timestamp()) if at is None else at
    command = [sys.executable, "-m", compilation.__name__, document.value, str(timestamp)]
    try:
        ended = subprocess.run(  # noqa: S603  our own module, a document of ours
            command, input=text.encode(), capture_output=True, timeout=TIME_MAX,
            env=build_child_environment(), cwd=ROOT, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        error_text = (fault.stderr or b"")[-500:].decode("utf-8", "replace")
        log.error("document not printed", document=document.value, fault=str(fault), error_text=error_text)
        raise
    return ended.stdout


def _letterhead_facts(language: str) -> Mapping[str, str]:
    with using_language(language):
        return {"brand": get_service(Settings).brand, "service": _("Portail des lauréats")}


def replace_unprintable(data: Any) -> Any:
    """The data with an empty square for each character without a glyph.

    Format characters are removed, tabs become spaces.
    """
    if isinstance(data, str):
        if _USUAL_TEXT.fullmatch(data):  # nearly all: characters that need no look
            return data
        text = normalize("NFC", data.replace("\t", " "))
        visible_chars = (char for char in text if category(char) != "Cf")
        return "".join(char if _has_glyph(char) else REPLACEMENT_CHARACTER for char in visible_chars)
    if isinstance(data, Mapping):
        return {name: replace_unprintable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [replace_unprintable(value) for value in data]
    return data


def _has_glyph(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in PRINTABLE_RANGES) and category(char) != "Cn"
