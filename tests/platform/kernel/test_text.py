import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.platform.kernel import text
from portal.platform.kernel.text import MENTION, clean_text, fold, slugify


def test_text_is_kept_without_tricks():
    assert clean_text("  e\u0301te\u0301\r\nfin\u202e\u200b ") == "été\nfin"


def test_arabic_and_hebrew_are_text_not_tricks():
    assert clean_text("שלום مرحبا") == "שלום مرحبا"


def test_words_that_differ_by_accents_and_case_sort_together():
    assert fold("Œuvre de l’État") == fold("oeuvre de l'etat")


def test_slugs_are_plain():
    assert slugify("Conseil d’État : œuvre n° 2") == "conseil-d-etat-oeuvre-n-2"


def test_an_address_is_not_a_mention():
    assert MENTION.findall("@lea voir lea@demo.example ou http://x/@non, (@max-2)") == ["lea", "max-2"]


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text())
def test_a_slug_is_ascii_whatever_is_typed(text):
    assert all(char.isascii() and (char.isalnum() or char == "-") for char in slugify(text))


@pytest.mark.parametrize(
    ("locale", "number", "written"),
    [
        ("fr", 10_000, "10\u202f000"),
        ("en", 10_000, "10,000"),
        ("fr", 1_234_567, "1\u202f234\u202f567"),
        ("fr", 2000, "2\u202f000"),
        ("en", 2000, "2,000"),
        ("fr", 999, "999"),
        ("fr", -12_000, "-12\u202f000"),
    ],
)
def test_large_numbers_of_a_sentence_are_grouped_as_its_language_does(app, locale, number, written):
    with app.test_request_context(), text.using_language(locale):
        assert text.gettext("%(n)s", n=number) == written
        assert text.ngettext("%(num)s", "%(num)s", number) == written
        page = app.jinja_env.from_string("{{ _('%(n)s', n=n) }}|{{ ngettext('%(num)s', '%(num)s', n) }}")
        assert page.render(n=number) == f"{written}|{written}"


def test_what_is_no_whole_number_stays_as_it_was_given(app):
    with app.test_request_context():
        assert text.gettext("%(a)s %(b)s %(c)s", a="10000", b=True, c=10_000.5) == "10000 True 10000.5"


def test_what_a_sentence_quotes_has_the_inner_marks_of_its_language(app):
    told = "«\u00a0Certitude\u00a0» & « preuve »"
    with app.test_request_context():
        edit = text.gettext("Modifier «\u00a0%(a)s\u00a0», %(b)s", a=told, b=told)
        assert edit == f"Modifier «\u00a0“Certitude” & “preuve”\u00a0», {told}"
        assert (
            text.format_sentence("Edit “%(a)s”", {"a": told})
            == "Edit “\u2018Certitude\u2019 & \u2018preuve\u2019”"
        )
        page = app.jinja_env.from_string("{{ _('« %(a)s »', a=a) }}")
        assert page.render(a=told) == "« “Certitude” &amp; “preuve” »"
        assert page.render(a=Markup(f"<b>{told}</b>")) == "« <b>“Certitude” & “preuve”</b> »"


@pytest.mark.parametrize(
    ("sentence", "fact", "quoted"),
    [
        ("« %(a)s »", "« Menu » Fichier » Ouvrir", "« “Menu” Fichier » Ouvrir »"),
        ("« %(a)s »", "Lire « Menu » et « Fich…", "« Lire “Menu” et “Fich… »"),
        ("“%(a)s”", "A 24” screen", "“A 24” screen”"),
    ],
)
def test_a_mark_without_its_other_half_stays(sentence, fact, quoted):
    assert text.format_sentence(sentence, {"a": fact}) == quoted
