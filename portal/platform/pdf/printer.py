"""A document as PDF/UA-1: tagged, with a title and a language, in fonts that are free.

A document is a Typst file in `documents/`; what it says is given as plain data, which it reads as
JSON. Nobody's text is ever part of a program: whatever is typed, it stays text. The fonts are those
that Typst brings (Libertinus, SIL Open Font License), so a document shows nothing of the State's
marks, on either brand.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

import typst

# What the fonts have a shape for: Latin, Greek, Cyrillic, signs. PDF/UA refuses the rest.
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
FOLDER = Path(__file__).parent / "documents"
MEDIA_TYPE = "application/pdf"


class Document(StrEnum):
    """What can be printed: the name of its file."""

    CONSENT = "consent"
    PACK = "pack"
    REPORT = "report"
    TRANSPARENCY = "transparency"


def print_pdf(document: Document, data: Mapping[str, Any], at: datetime) -> bytes:
    """The bytes of a PDF. `data` has a `title` and a `language` ("fr" or "en"), and whatever else
    the document reads; `at` is when it was made. The same data at the same moment: the same bytes.
    """
    pdf = typst.compile(
        str(FOLDER / f"{document}.typ"),
        root=str(FOLDER),
        font_paths=[],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(replace_unprintable(data), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101  one file, because a PDF holds all its pages
    return pdf


def replace_unprintable(data: Any) -> Any:
    """The same data, each character without a shape as an empty square; unseen ones left out, a
    tab as a blank."""
    if isinstance(data, str):
        text = normalize("NFC", data.replace("\t", " "))
        visible_chars = (char for char in text if category(char) != "Cf")
        return "".join(
            char if _has_glyph(char) else REPLACEMENT_CHARACTER for char in visible_chars
        )
    if isinstance(data, Mapping):
        return {name: replace_unprintable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [replace_unprintable(value) for value in data]
    return data


def _has_glyph(char: str) -> bool:
    return (
        any(first <= ord(char) <= last for first, last in PRINTABLE_RANGES)
        and category(char) != "Cn"
    )
