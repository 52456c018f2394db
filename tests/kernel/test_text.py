from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.text import MENTION, clean, fold, slugify


def test_text_is_kept_without_tricks():
    assert clean("  e\u0301te\u0301\r\nfin\u202e\u200b ") == "été\nfin"


def test_arabic_and_hebrew_are_text_not_tricks():
    assert clean("שלום مرحبا") == "שלום مرحبا"


def test_words_that_differ_by_accents_and_case_sort_together():
    assert fold("Œuvre de l’État") == fold("oeuvre de l'etat")


def test_slugs_are_plain():
    assert slugify("Conseil d’État : œuvre n° 2") == "conseil-d-etat-oeuvre-n-2"


def test_an_address_is_not_a_mention():
    assert MENTION.findall("@lea voir lea@demo.example ou http://x/@non, (@max-2)") == [
        "lea",
        "max-2",
    ]


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_a_slug_is_ascii_whatever_is_typed(text):
    assert all(char.isascii() and (char.isalnum() or char == "-") for char in slugify(text))
