"""What a file is, told by what it holds; what it is called, made safe."""

import io
import struct

import pytest

from portal.files.contents import ALLOWED, examine
from portal.files.models import NAME_MAX
from portal.files.names import clean_name
from portal.kernel.errors import RuleBroken
from tests.support import uploads

# What a file is does not depend on the database.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

SOUND = {
    ".pdf": uploads.PDF,
    ".png": uploads.png(),
    ".jpg": uploads.JPEG,
    ".jpeg": uploads.JPEG,
    ".gif": uploads.GIF,
    ".webp": uploads.WEBP,
    ".csv": uploads.CSV,
    ".tsv": b"a\tb\r\n1\t2\r\n",
    ".txt": "Été, à Noël".encode("cp1252"),
    ".md": b"# Titre\n\n- un <b>gras</b>\n",
    **{
        ending: uploads.document(ending)
        for ending in ALLOWED
        if ending[1:4] in {"doc", "xls", "ppt"}
    },
    **{ending: uploads.document(ending) for ending in (".odt", ".ods", ".odp")},
}
DOCX = uploads.document(".docx")
HTML = b"<!DOCTYPE html><title>a</title>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_each_kind_that_is_let_in_is_known_by_what_it_holds(app):
    assert SOUND.keys() == ALLOWED.keys()
    told = {ending: examine(f"a{ending}", io.BytesIO(data)) for ending, data in SOUND.items()}
    assert told == ALLOWED


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", HTML),
        ("a.svg", SVG),
        ("a.zip", uploads.archive(a=b"b")),
        ("a.exe", b"MZ\x90\0"),
        ("a.docm", DOCX),
        ("a", uploads.PDF),
        ("a.txt", HTML),
        ("a.csv", b"a;b\n" + SVG),
        ("a.txt", b"#!/bin/sh\nrm -r /\n"),
        ("a.md", b"<?xml version='1.0'?><a/>"),
        ("a.txt", b"MZ\x90\0\x03\0"),
        ("a.txt", "Été".encode("utf-16")),
        ("a.pdf", uploads.CSV),
        ("a.csv", uploads.PDF),
        ("a.png", uploads.JPEG),
        ("a.xlsx", DOCX),
        ("a.docx", uploads.archive(a=b"b")),
        ("a.docx", DOCX[:-10]),
        ("a.docx", b"PK\x03\x04"),
        ("a.docx", uploads.document(".docx", **{"word/vbaProject.bin": b"macro"})),
        ("a.ods", uploads.document(".ods", **{"Basic/Standard/Module1.xml": b"macro"})),
        ("a.pdf", b"junk\n" + uploads.PDF),  # a mark that is not the first thing
        ("a.pdf", uploads.PDF.replace(b"%%EOF", b"")),
        ("a.pdf", uploads.PDF + DOCX),  # two things at once
        ("a.docx", uploads.PDF + DOCX),
        ("a.docx", DOCX + b"more"),
        ("a.gif", uploads.GIF[:6] + b"/*<script>*/=1;" + uploads.GIF[6:]),
        ("a.png", uploads.png() + DOCX),
    ],
)
def test_what_runs_what_lies_and_what_is_two_things_is_refused(app, name, data):
    with pytest.raises(RuleBroken) as refused:
        examine(name, io.BytesIO(data))
    assert refused.value.field == "file"


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(app):
    """One that says it holds a thousand times as much, and one with a directory of its own size."""
    bomb = uploads.document(".docx", **{"word/media/a": b"\0" * 1000})
    huge = bomb.replace(struct.pack("<L", 1000), struct.pack("<L", 2_000_000_000))
    crowd = uploads.document(".docx", **{f"word/{n:0200}": b"" for n in range(5000)})
    for data in (huge, crowd):
        with pytest.raises(RuleBroken):
            examine("a.docx", io.BytesIO(data))


def test_a_name_that_says_something_else_is_told_the_right_one(app):
    with pytest.raises(RuleBroken) as refused:
        examine("photo.png", io.BytesIO(uploads.JPEG))
    said = refused.value.message.replace("\xa0", " ")
    assert "s’appelle « .png » et contient du « .jpg »" in said


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Compte rendu v1.2.pdf", "Compte rendu v1.2.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\note.md", "note.md"),
        ("..", "fichier"),
        ("", "fichier"),
        (".pdf", "pdf"),
        ("note.html.pdf", "note_html.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u200b\u2066b\x00c\x1f.pdf", "ab_c_.pdf"),
        ("  deux   mots .pdf ", "deux mots.pdf"),
        ("cle\u0301.PDF", "clé.pdf"),
        ('a<b>:"|?*.csv', "a_b______.csv"),
        ("CON.txt", "_CON.txt"),
        ("com1.csv", "_com1.csv"),
        ("a\r\nSet-Cookie: b.txt", "a__Set-Cookie_ b.txt"),
    ],
)
def test_a_name_is_kept_without_its_tricks(app, sent, kept):
    assert clean_name(sent) == kept


def test_a_long_name_keeps_its_extension(app):
    kept = clean_name("é" * 4000 + ".pdf")
    assert len(kept) == NAME_MAX
    assert kept.endswith("é.pdf")
    assert len(clean_name("a." + "b" * 4000)) <= NAME_MAX
