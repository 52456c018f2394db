"""Words: cleaned on the way in, folded to compare and sort, marked for translation.

French is the source language: `_("…")` holds the French sentence, the catalogues the others.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from gettext import NullTranslations
from typing import cast

import flask_babel
from babel.numbers import format_decimal
from flask_babel import force_locale, format_date, get_locale
from flask_babel.speaklater import LazyString

__all__ = [
    "FORMAT_LOCALES",
    "LOCALES",
    "MENTION",
    "LazyString",
    "clean",
    "find_handles",
    "fold",
    "fold_words",
    "format_day",
    "gettext",
    "group_digits",
    "in_reader_language",
    "lazy_gettext",
    "lazy_ngettext",
    "ngettext",
    "slugify",
    "translate",
    "translate_plural",
    "using_language",
    "write_first_of_month",
]

LOCALES = ("fr", "en")
FORMAT_LOCALES = {"fr": "fr", "en": "en_GB"}  # whose dates and numbers are written
GROUPING_MIN = 10_000  # from here on digits stand in threes; a smaller number may be a year


# Flask-Babel looks for the catalogue again at every sentence, and a page has hundreds.
_catalogues: dict[str, NullTranslations] = {}
_translation_cache: dict[tuple[str, str], str] = {}


def gettext(sentence: str, **facts: object) -> str:
    """A French sentence in the reader's language, with its facts."""
    translation = translate(sentence)
    return translation % group_digits(facts) if facts else translation


def ngettext(singular: str, plural: str, num: int, **facts: object) -> str:
    """The same for a number of things, which the sentence may name as `%(num)s`."""
    return translate_plural(singular, plural, num) % group_digits({"num": num, **facts})


def group_digits(facts: Mapping[str, object], least: int = GROUPING_MIN) -> Mapping[str, object]:
    """The facts of a sentence, its large whole numbers as the reader's language groups them."""
    if not any(type(fact) is int and abs(fact) >= least for fact in facts.values()):
        return facts
    locale = get_locale() or "fr"
    return {
        name: format_decimal(fact, locale=locale)
        if type(fact) is int and abs(fact) >= least
        else fact
        for name, fact in facts.items()
    }


def translate(sentence: str) -> str:
    """In the reader's language, the places of its facts still empty."""
    language = _language()
    translation = _translation_cache.get((language, sentence))
    if translation is None:
        translation = _translation_cache[language, sentence] = _find_catalogue(language).gettext(
            sentence
        )
    return translation


def translate_plural(singular: str, plural: str, num: int) -> str:
    return _find_catalogue(_language()).ngettext(singular, plural, num)


def lazy_gettext(sentence: str, **facts: object) -> LazyString:
    """A sentence that waits for its reader: for constants."""
    return LazyString(gettext, sentence, **facts)


def lazy_ngettext(singular: str, plural: str, num: int, **facts: object) -> LazyString:
    return LazyString(ngettext, singular, plural, num, **facts)


def _language() -> str:
    locale = get_locale()
    return "" if locale is None else cast(str, locale.language)


def _find_catalogue(language: str) -> NullTranslations:
    catalogue = _catalogues.get(language)
    if catalogue is None:
        catalogue = _catalogues[language] = flask_babel.get_translations()
    return catalogue


# Characters that reorder or hide text (Unicode TR 36), and controls but tab and newline.
_DECEPTIVE_CHARACTERS = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
# What shows nothing: blanks, fillers, and signs that only tell how to draw others.
_INVISIBLE_TEXT = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
# `@handle` in a text; an e-mail address is not one.
MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def find_handles(text: str) -> frozenset[str]:
    """Whom a text mentions, as handles are kept: keyboards of phones begin with a capital."""
    return frozenset(handle.lower() for handle in MENTION.findall(text))


def clean(text: str) -> str:
    """As it is kept: NFC, line ends as \\n, no invisible tricks, no blanks around; empty where
    nothing of it would be seen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _DECEPTIVE_CHARACTERS.sub("", unicodedata.normalize("NFC", text)).strip()
    return "" if _INVISIBLE_TEXT.fullmatch(text) else text


def fold(text: str) -> str:
    """Without case, accents or ligatures: to sort and search French on any database."""
    flat = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    return "".join(char for char in flat if not unicodedata.combining(char))


def fold_words(text: str) -> str:
    """Folded, its blanks as single spaces: the same for what a reader takes for the same."""
    return " ".join(fold(text).split())


def slugify(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:limit].strip("-")


def format_day(day: date, style: str = "long") -> str:
    """A calendar day in the reader's language: « 24 novembre 2026 »."""
    return write_first_of_month(str(format_date(day, style)))


def write_first_of_month(written: str) -> str:
    """French writes « 1er », which its calendar data leave out."""
    return re.sub(r"^1 ", "1er ", written) if str(get_locale()).startswith("fr") else written


def in_reader_language(french: str, english: str) -> str:
    """One of two texts kept in both languages; French where the other is missing."""
    return english if english and _language() == "en" else french


@contextmanager
def using_language(locale: str) -> Iterator[None]:
    """Sentences, dates and numbers for a reader who is not the one asking."""
    with force_locale(FORMAT_LOCALES[locale]):
        yield
