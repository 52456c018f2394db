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

import typst

FOLDER = Path(__file__).parent / "documents"
MEDIA_TYPE = "application/pdf"


class Document(StrEnum):
    """What can be printed: the name of its file."""

    CONSENT = "consent"


def print_pdf(document: Document, data: Mapping[str, Any], at: datetime) -> bytes:
    """The bytes of a PDF. `data` has a `title` and a `language` ("fr" or "en"), and whatever else
    the document reads; `at` is when it was made. The same data at the same moment: the same bytes.
    """
    made = typst.compile(
        str(FOLDER / f"{document}.typ"),
        root=str(FOLDER),
        font_paths=[],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101  one file, because a PDF holds all its pages
    return made
