"""The type of a file is detected from its content; its name is made safe."""

import io
import struct

import pytest

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import using_language
from portal.platform.storage.contents import ALLOWED_TYPES, detect_media_type
from portal.platform.storage.names import NAME_MAX, clean_file_name
from portal.platform.storage.refusals import SENTENCES, UnfitFile
from tests.support import uploads

# No database is needed.
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
    **{ending: uploads.document(ending) for ending in ALLOWED_TYPES if ending[1:4] in {"doc", "xls", "ppt"}},
    **{ending: uploads.document(ending) for ending in (".odt", ".ods", ".odp")},
}
DOCX = uploads.document(".docx")
HTML = b"<!DOCTYPE html><title>a</title>"
LOCKED = DOCX.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_each_kind_that_is_let_in_is_known_by_what_it_holds(app):
    assert SOUND.keys() == ALLOWED_TYPES.keys()
    told = {ending: detect_media_type(f"a{ending}", io.BytesIO(data)) for ending, data in SOUND.items()}
    assert told == ALLOWED_TYPES


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.html", HTML, "qu’un navigateur exécuterait"),
        ("a.svg", SVG, "qu’un navigateur exécuterait"),
        ("a.zip", uploads.archive(a=b"b"), "C’est une archive"),
        ("a.exe", b"MZ\x90\0", "est un programme"),
        ("a.docm", DOCX, "contient des macros"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "ancien format"),
        ("a.sh", b"a", "est un script"),
        ("a.xml", b"a", "est du XML"),
        ("a.odg", b"a", "« .odg » ne sont pas acceptés. Le sont : PDF"),
        ("a", uploads.PDF, "pas d’extension"),
        ("a.txt", HTML, "qu’un navigateur exécuterait"),
        ("a.csv", b"a;b\n" + SVG, "qu’un navigateur exécuterait"),
        ("a.txt", b"#!/bin/sh\nrm -r /\n", "est un script"),
        ("a.md", b"<?xml version='1.0'?><a/>", "est du XML"),
        ("a.txt", b"MZ\x90\0\x03\0", "est un programme"),
        ("a.pdf", b"\x7fELF\2", "est un programme"),
        ("a.csv", b"\x1f\x8b\x08\0", "C’est une archive"),
        ("a.txt", "Été".encode("utf-16"), "en UTF-16"),
        ("a.csv", "Un été ; un hiver".encode("utf-16-le"), "en UTF-16"),
        ("a.txt", "Un été ; un hiver".encode("utf-16-be"), "en UTF-16"),
        ("a.csv", b"a;b\0\1\2", "s’appelle « .csv » et ne contient pas du texte"),
        ("a.pdf", uploads.CSV, "contient du « .txt »"),
        ("a.csv", uploads.PDF, "contient du « .pdf »"),
        ("a.png", uploads.JPEG, "contient du « .jpg »"),
        ("a.xlsx", DOCX, "contient du « .docx »"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "protégé par un mot de passe"),
        ("a.docx", uploads.archive(a=b"b"), "C’est une archive"),
        ("a.docx", DOCX[:-10], "incomplet ou abîmé"),
        ("a.docx", b"PK\x03\x04", "incomplet ou abîmé"),
        ("a.docx", LOCKED, "chiffré"),
        ("a.docx", uploads.document(".docx", **{"word/vbaProject.bin": b"macro"}), "contient des macros"),
        (
            "a.ods",
            uploads.document(".ods", **{"Basic/Standard/Module1.xml": b"macro"}),
            "contient des macros",
        ),
        (
            "a.xlsx",
            uploads.archive(**{"[Content_Types].xml": b"sheet.macroEnabled.main+xml"}),
            "contient des macros",
        ),
        ("a.pdf", b"junk\n" + uploads.PDF, "contient du « .txt »"),
        ("a.pdf", uploads.PDF.replace(b"%%EOF", b""), "sa fin manque"),
        ("a.pdf", uploads.PDF + DOCX, "archive est cachée"),
        ("a.docx", uploads.PDF + DOCX, "archive est cachée"),
        ("a.docx", DOCX + b"more", "incomplet ou abîmé"),
        ("a.gif", uploads.GIF[:6] + b"/*<script>*/=1;" + uploads.GIF[6:], "navigateur"),
        ("a.png", uploads.png() + DOCX, "archive est cachée"),
    ],
)
def test_what_is_refused_says_why_in_particular(*, app, name, data, why):
    with pytest.raises(RuleBroken) as refused:
        detect_media_type(name, io.BytesIO(data))
    assert refused.value.field == "file"
    assert why in refused.value.message.replace("\xa0", " ")


def test_each_reason_is_said_in_both_languages(app):
    facts = {"ending": ".a", "right": ".b", "kinds": "c", "megapixels": 50}
    said = {}
    for language in ("fr", "en"):
        with using_language(language):
            said[language] = [UnfitFile(code, **facts).sentence for code in SENTENCES]
    assert all(fr != en for fr, en in zip(said["fr"], said["en"], strict=True))


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(app):
    """A zip that claims a thousand times its size, and one with a directory of its own size."""
    bomb = uploads.document(".docx", **{"word/media/a": b"\0" * 1000})
    huge = bomb.replace(struct.pack("<L", 1000), struct.pack("<L", 2_000_000_000))
    crowd = uploads.document(".docx", **{f"word/{n:0200}": b"" for n in range(5000)})
    for data in (huge, crowd):
        with pytest.raises(RuleBroken):
            detect_media_type("a.docx", io.BytesIO(data))


def test_a_name_that_says_something_else_is_told_the_right_one(app):
    with pytest.raises(RuleBroken) as refused:
        detect_media_type("photo.png", io.BytesIO(uploads.JPEG))
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
        ("a\u200b\u2066b\x00c\x1f.pdf", "ab c.pdf"),
        ("  deux   mots .pdf ", "deux mots.pdf"),
        ("cle\u0301.PDF", "clé.pdf"),
        ('a<b>:"|?*.csv', "a_b_.csv"),
        ("CON.txt", "_CON.txt"),
        ("com1.csv", "_com1.csv"),
        ("a%0D%0ASet-Cookie: b%00.txt", "a Set-Cookie_ b.txt"),
        ("dit %22oui%22.pdf", "dit _oui_.pdf"),
        ("100%.pdf", "100%.pdf"),
        ("a%20b.pdf", "a%20b.pdf"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
    ],
)
def test_a_name_is_kept_without_its_tricks(app, sent, kept):
    assert clean_file_name(sent) == kept


def test_a_long_name_keeps_its_extension(app):
    kept = clean_file_name("é" * 4000 + ".pdf")
    assert len(kept) == NAME_MAX
    assert kept.endswith("é.pdf")
    assert len(clean_file_name("a." + "b" * 4000)) <= NAME_MAX
