"""PDF documents: tagged, with a language, and without code injection."""

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.pdf import printer
from portal.platform.pdf.printer import (
    PRINTABLE_RANGES,
    REPLACEMENT_CHARACTER,
    DocumentKind,
    print_pdf,
    replace_unprintable,
)
from portal.user_tests.reports.finding_documents import make_report_part

AT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
STATE = ("république", "marianne", "liberté")


def sheet(text="Dit.", language="fr"):
    agreement = {"title": "Accord", "sentences": [text], "blanks": [text], "note": text}
    return {
        "title": "Votre participation",
        "language": language,
        "foot": "Série 1",
        "lead": text,
        "parts": [{"title": "Pourquoi", "text": text}],
        "agreement": agreement,
    }


def read(made):
    return pypdf.PdfReader(BytesIO(made))


def test_what_a_document_takes_ends_with_a_process_of_its_own():
    assert print_pdf(DocumentKind.CONSENT, sheet("En mémoire."), AT).startswith(b"%PDF")
    assert "typst" not in sys.modules


def test_a_document_that_cannot_be_printed_is_a_fault(capsys):
    with pytest.raises(subprocess.CalledProcessError):
        print_pdf(DocumentKind.CONSENT, {"title": "Sans texte", "language": "fr"}, AT)
    assert "does not contain key" in capsys.readouterr().out


def test_a_document_that_takes_too_long_is_a_fault(monkeypatch, capsys):
    monkeypatch.setattr(printer, "TIME_MAX", 0.001)
    with pytest.raises(subprocess.TimeoutExpired):
        print_pdf(DocumentKind.CONSENT, sheet("Trop long."), AT)
    assert "timed out" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_pdf_is_tagged_and_says_its_title_and_language(language):
    pdf = read(print_pdf(DocumentKind.CONSENT, sheet(language=language), AT))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Votre participation"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_headings_are_headings():
    pdf = read(print_pdf(DocumentKind.CONSENT, sheet(), AT))
    kinds = set()

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.DictionaryObject):
            kinds.add(node.get("/S"))
            below = node.get("/K", [])
            for one in below if isinstance(below, list) else [below]:
                if not isinstance(one, int):
                    walk(one)

    walk(pdf.trailer["/Root"]["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P"} <= kinds


def test_nothing_of_the_states_marks_is_on_it_and_its_fonts_are_inside():
    pdf = read(print_pdf(DocumentKind.CONSENT, sheet(), AT))
    words = "".join(page.extract_text() for page in pdf.pages).lower()
    assert not [mark for mark in STATE if mark in words]
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            name = font.get_object()["/BaseFont"]
            assert "SourceSans3" in name or "Libertinus" in name, name


def test_the_same_words_make_the_same_bytes():
    assert print_pdf(DocumentKind.CONSENT, sheet(), AT) == print_pdf(DocumentKind.CONSENT, sheet(), AT)


def test_a_long_text_runs_over_pages():
    pdf = read(print_pdf(DocumentKind.CONSENT, sheet("Une phrase assez longue. " * 160), AT))
    assert len(pdf.pages) > 1


def test_every_character_that_is_let_through_has_a_shape():
    through = [chr(code) for first, last in PRINTABLE_RANGES for code in range(first, last + 1)]
    through = [char for char in through if replace_unprintable(char) == char != "\n"]
    assert len(through) > 1500
    lines = [" ".join(through[start : start + 60]) for start in range(0, len(through), 60)]
    assert print_pdf(DocumentKind.CONSENT, sheet("\n".join(lines)), AT)


def test_what_has_no_shape_is_a_square_and_what_is_unseen_is_left_out():
    assert replace_unprintable({"a": ["né 😀 \u200dfin", 3, None]}) == {
        "a": [f"né {REPLACEMENT_CHARACTER} fin", 3, None]
    }
    assert replace_unprintable("e\u0301") == "é"
    assert replace_unprintable("a\tb") == "a b"


TYPED = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=5, deadline=None)
@given(st.lists(TYPED, min_size=5))
def test_whatever_is_typed_stays_text(lines):
    text = "\n\n".join(f'#let x = 1 \\ $ "{typed}' for typed in lines)
    assert print_pdf(DocumentKind.CONSENT, sheet(text), AT).startswith(b"%PDF")


@pytest.mark.parametrize("lines", range(33, 38))
def test_a_heading_and_what_it_introduces_stay_on_the_page_of_the_first_point(app, lines):
    filler = make_report_part("Avant", (), [f"Ligne {n}" for n in range(lines)])
    awaited = make_report_part("Ce qui reste attendu", ["Une décision."], ["La tournée"])
    record = {"title": "Relevé", "language": "fr", "foot": "Comité", "lead": "AMI"}
    pdf = read(print_pdf(DocumentKind.REPORT, record | {"parts": [filler, awaited]}, AT))
    texts = [page.extract_text() for page in pdf.pages]
    (place,) = [text for text in texts if "La tournée" in text]
    assert "Ce qui reste attendu" in place
    assert "Une décision." in place


@pytest.mark.parametrize("lines", range(30, 36))
def test_short_tables_and_lists_stay_whole(app, lines):
    filler = make_report_part("Avant", (), [f"Ligne {n}" for n in range(lines)])
    rows = [[f"rangée{n}", "un texte qui prend bien deux lignes dans sa colonne étroite"] for n in range(4)]
    table = make_report_part("Décisions", table=("Prises", ["Équipe", "Réponse"], rows))
    points = make_report_part("Reste", (), ["premier", "second", "troisième"])
    record = {"title": "Relevé", "language": "fr", "foot": "Comité", "lead": "AMI"}
    pdf = read(print_pdf(DocumentKind.REPORT, record | {"parts": [filler, table, points]}, AT))
    for page in pdf.pages:
        text = page.extract_text()
        assert sum(f"rangée{n}" in text for n in range(4)) in {0, 4}
        assert sum(point in text for point in ("premier", "second", "troisième")) in {0, 3}
