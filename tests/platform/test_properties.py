"""Authors in the properties of office documents and PDF files, rewritten."""

import zipfile
from io import BytesIO

import pypdf
import pytest

from portal.platform.storage.office import MEDIA_TYPES, detect_office_media_type
from portal.platform.storage.properties import rewrite_properties
from tests.support import authored

DOCX, PDF = MEDIA_TYPES[".docx"], "application/pdf"


def without(text: str) -> str:
    return text.replace("Zoé Petit", "ancien membre")


def rewritten(data: bytes, media_type: str) -> bytes | None:
    target = BytesIO()
    return target.getvalue() if rewrite_properties(BytesIO(data), target, media_type, without) else None


def test_a_document_loses_its_author_and_those_of_its_changes():
    new = rewritten(authored.docx("Zoé Petit"), DOCX)
    assert new is not None
    assert detect_office_media_type(BytesIO(new)) == DOCX
    with zipfile.ZipFile(BytesIO(new)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "<dc:creator>ancien membre</dc:creator>" in parts["docProps/core.xml"]
    assert 'w:author="ancien membre"' in parts["word/document.xml"]
    assert "Vu par Zoé Petit" in parts["word/document.xml"]  # its text is decided by a person


def test_a_pdf_loses_its_author_in_both_places_and_that_of_its_notes():
    new = rewritten(authored.pdf("Zoé Petit"), PDF)
    assert new is not None
    reader = pypdf.PdfReader(BytesIO(new))
    assert reader.metadata is not None
    assert reader.metadata.author == "ancien membre"
    assert "Zoé Petit" not in reader.root_object["/Metadata"].get_object().get_data().decode()
    (note,) = (each.get_object() for each in reader.pages[0]["/Annots"])
    assert note["/T"] == "ancien membre"
    assert note["/Contents"] == "à revoir"
    assert b"Zo\\351 Petit" not in new
    assert "Zoé Petit".encode() not in new


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (authored.docx("Léa Roy", text="rien"), DOCX),
        (authored.pdf("Léa Roy"), PDF),
        (b"PK no archive", DOCX),
        (b"%PDF-1.7 damaged", PDF),
        ("Zoé Petit".encode(), "text/plain"),
    ],
)
def test_other_files_stay_as_they_are(data, media_type):
    assert rewritten(data, media_type) is None
