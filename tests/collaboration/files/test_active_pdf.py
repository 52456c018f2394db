"""PDF with scripts, launches or files inside is refused, however it hides them."""

import io
import zlib

import pytest

from portal.platform.storage.active_pdf import STREAM_MAX, find_refusal_code
from portal.platform.storage.refusals import SENTENCES
from tests.support import uploads

QUIET = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def with_object(text: bytes) -> bytes:
    return QUIET.replace(b"trailer", b"3 0 obj\n" + text + b"\nendobj\ntrailer")


def packed(text: bytes, kind: bytes = b"/ObjStm") -> bytes:
    """Hide objects in a compressed stream, as PDF 1.5 writes them."""
    data = zlib.compress(text)
    head = b"<</Type " + kind + b" /N 1 /First 4 /Filter /FlateDecode /Length %d>>\nstream\n" % len(data)
    return with_object(head + data + b"\nendstream")


def code_of(content: bytes) -> str:
    return find_refusal_code(io.BytesIO(content))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"<</S /JavaScript /JS (app.alert\\(1\\))>>", "pdf_active"),
        (b"<</S/#4aavaScript/J#53 (x)>>", "pdf_active"),
        (b"<</OpenAction <</S /Launch /F (calc.exe)>>>>", "pdf_active"),
        (b"<</AcroForm <</XFA 4 0 R>>>>", "pdf_active"),
        (b"<</Subtype /RichMedia>>", "pdf_active"),
        (b"<</S /SubmitForm /F (https://evil.example)>>", "pdf_active"),
        (b"<</Names <</EmbeddedFiles 5 0 R>>>>", "pdf_holds"),
        (b"<</Type /EmbeddedFile>>", "pdf_holds"),
        (b"<</Encrypt 6 0 R>>", "pdf_locked"),
    ],
)
def test_an_active_part_is_found_in_the_open_and_in_a_stream(text, code):
    assert code_of(with_object(text)) == code
    assert code_of(packed(text)) == code
    assert code_of(packed(text, b"/Obj#53tm")) == code
    assert code in SENTENCES


@pytest.mark.parametrize(
    "text",
    [b"<</Type /Page /JSON 1>>", b"<</Title (JavaScript et Launch)>>", b"<</S /URI /URI (https://a.fr)>>"],
)
def test_what_only_looks_like_one_is_accepted(text):
    assert code_of(QUIET) == code_of(with_object(text)) == code_of(packed(text)) == ""


def test_a_stream_of_objects_that_swells_or_is_under_another_filter_is_refused():
    assert code_of(packed(b" " * (STREAM_MAX + 1))) == "pdf_locked"
    unknown = b"<</Type /ObjStm /Filter /LZWDecode /Length 4>>\nstream\nabcd\nendstream"
    assert code_of(with_object(unknown)) == "pdf_locked"


def test_a_quiet_pdf_of_a_known_maker_is_taken():
    assert code_of(uploads.PDF) == ""
