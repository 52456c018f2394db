"""Text: cleaning of input, folding for comparison and sorting, translation.

French is the source language: `_("…")` holds the French sentence, the catalogues the others.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations

import flask_babel
from babel import dates
from babel.numbers import format_decimal
from flask import g
from flask_babel import force_locale, get_locale, get_timezone
from flask_babel.speaklater import LazyString

from portal.platform.kernel.quotation import nest_quotation_marks

__all__ = [
    "FORMAT_LOCALES",
    "LOCALES",
    "MENTION",
    "LazyString",
    "clean_text",
    "find_mentioned_handles",
    "fold",
    "fold_words",
    "format_day",
    "format_moment",
    "format_number",
    "format_sentence",
    "gettext",
    "in_reader_language",
    "lazy_gettext",
    "lazy_ngettext",
    "lower_first",
    "ngettext",
    "replace_handles_with_names",
    "slugify",
    "translate",
    "translate_plural",
    "translate_to_other_language",
    "using_language",
]

LOCALES = ("fr", "en")
FORMAT_LOCALES = {"fr": "fr", "en": "en_GB"}  # locales of date and number formats
GROUPING_MIN = 1_000

# Flask-Babel looks up the catalogue for every sentence, and a page has hundreds.
_catalogues: dict[str, NullTranslations] = {}
_translation_cache: dict[tuple[str, str], str] = {}


def gettext(sentence: str, **facts: object) -> str:
    """A French sentence in the reader's language, formatted with `facts`."""
    translation = translate(sentence)
    return format_sentence(translation, facts) if facts else translation


def ngettext(singular: str, plural: str, num: int, **facts: object) -> str:
    """The same with a plural form; the sentence may use `%(num)s`."""
    return format_sentence(translate_plural(singular, plural, num), {"num": num, **facts})


def format_sentence(sentence: str, facts: Mapping[str, object]) -> str:
    """A translated sentence with its facts, as the reader's language writes numbers and quotations;
    a sentence of markup escapes them."""
    return sentence % nest_quotation_marks(sentence, _group_digits_in_facts(facts))


def _group_digits_in_facts(facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts with integers of four digits and more grouped for the reader's language.

    Years are given as text.
    """
    if not any(type(fact) is int and abs(fact) >= GROUPING_MIN for fact in facts.values()):
        return facts
    locale = get_locale() or "fr"
    return {
        name: format_decimal(fact, locale=locale) if type(fact) is int and abs(fact) >= GROUPING_MIN else fact
        for name, fact in facts.items()
    }


def translate(sentence: str) -> str:
    """The sentence in the reader's language, not yet formatted with its facts."""
    language = _get_reader_language()
    translation = _translation_cache.get((language, sentence))
    if translation is None:
        translation = _translation_cache[language, sentence] = _get_catalogue(language).gettext(sentence)
    return translation


def translate_plural(singular: str, plural: str, num: int) -> str:
    return _get_catalogue(_get_reader_language()).ngettext(singular, plural, num)


def translate_to_other_language(sentence: str) -> str:
    """A sentence of the pages, as it reads, in the language that its reader did not choose; as it is
    where it has facts. For names that people may type in either language."""
    if _get_reader_language() == "en":
        return _french_by_english().get(sentence, sentence)
    return _translate_to_english(sentence)


@cache
def _translate_to_english(sentence: str) -> str:
    with using_language("en"):
        return translate(sentence)


@cache
def _french_by_english() -> Mapping[str, str]:
    with using_language("en"):
        catalogue = vars(_get_catalogue(_get_reader_language())).get("_catalog", {})
    return {english: french for french, english in catalogue.items() if isinstance(french, str)}


def lazy_gettext(sentence: str, **facts: object) -> LazyString:
    """A sentence translated when it is rendered: for constants."""
    return LazyString(gettext, sentence, **facts)


def lazy_ngettext(singular: str, plural: str, num: int, **facts: object) -> LazyString:
    return LazyString(ngettext, singular, plural, num, **facts)


def _get_reader_language() -> str:
    """The reader's language, looked up once a request: a page has some seventy sentences."""
    try:
        request_values = g._get_current_object()  # the proxy's own look-up takes six times as long
    except RuntimeError:  # outside of an application context
        return ""
    language: str | None = request_values.get("language")
    if language is None:
        language = request_values.language = get_locale().language
    return language


def _get_catalogue(language: str) -> NullTranslations:
    catalogue = _catalogues.get(language)
    if catalogue is None:
        catalogue = _catalogues[language] = flask_babel.get_translations()
    return catalogue


# Characters that reorder or hide text (Unicode TR 36), and controls but tab and newline.
_DECEPTIVE_CHARACTERS = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
# Text without visible characters: spaces, fillers, joiners and variation selectors.
_INVISIBLE_TEXT = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
# `@handle` in a text, but not the domain of an e-mail address.
MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def find_mentioned_handles(text: str) -> frozenset[str]:
    """The handles that a text mentions, in lower case."""
    return frozenset(handle.lower() for handle in MENTION.findall(text))


def replace_handles_with_names(text: str, mentions: Iterable[tuple[str, str]]) -> str:
    """The text with names in place of handles that it mentions; `mentions` are handles and names."""
    names = dict(mentions)
    return MENTION.sub(lambda match: f"@{names.get(match[1].lower(), match[1])}", text) if names else text


def clean_text(text: str) -> str:
    """The text as stored: NFC, LF line ends, stripped, no deceptive characters; "" if invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _DECEPTIVE_CHARACTERS.sub("", unicodedata.normalize("NFC", text)).strip()
    return "" if _INVISIBLE_TEXT.fullmatch(text) else text


def fold(text: str) -> str:
    """The text without case, accents and ligatures: to sort and search French on any database."""
    flat = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    return "".join(char for char in flat if not unicodedata.combining(char))


def fold_words(text: str) -> str:
    """Folded text with single spaces: equal for texts that a reader takes for the same."""
    return " ".join(fold(text).split())


def slugify(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, at most `limit` characters; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:limit].strip("-")


def format_day(day: date, style: str = "long") -> str:
    """A date in the reader's language: « 24 novembre 2026 »."""
    return _format_day(day, style, _get_reader_language())


def format_moment(moment: datetime, pattern: str) -> str:
    """A moment in the reader's time zone and language; `pattern` is Unicode's."""
    return _format_moment(moment, pattern, str(get_timezone()), _get_reader_language())


# A page has up to a hundred dates, and Babel takes 17 µs for one.
@lru_cache(maxsize=4096)
def _format_day(day: date, style: str, language: str) -> str:
    formatted = dates.format_date(day, style, locale=FORMAT_LOCALES[language])
    return _format_first_of_month(formatted, language)


@lru_cache(maxsize=4096)
def _format_moment(moment: datetime, pattern: str, zone: str, language: str) -> str:
    locale = FORMAT_LOCALES[language]
    formatted = dates.format_datetime(moment, pattern, tzinfo=dates.get_timezone(zone), locale=locale)
    return _format_first_of_month(formatted, language)


def _format_first_of_month(date_text: str, language: str) -> str:
    """The date with « 1er » for the first in French, which CLDR leaves out."""
    return re.sub(r"^1 ", "1er ", date_text) if language == "fr" else date_text


def format_number(value: float, pattern: str | None = None) -> str:
    """A number as the reader's language writes it; `pattern` is Unicode's: « 66,67 » of "0.00"."""
    return str(format_decimal(value, pattern, locale=get_locale() or "fr"))


def in_reader_language(french: str, english: str) -> str:
    """The text in the reader's language; French where English is missing."""
    return english if english and _get_reader_language() == "en" else french


def lower_first(label: str | LazyString) -> str:
    """A label as it stands inside a sentence: its first letter in lower case, unless it begins an
    abbreviation or a gate; all others stay (« une AIPD est faite »)."""
    text = str(label)
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


@contextmanager
def using_language(locale: str) -> Iterator[None]:
    """Translate and format for another reader, such as the recipient of a mail."""
    with force_locale(FORMAT_LOCALES[locale]):
        _forget_language()
        try:
            yield
        finally:
            _forget_language()


def _forget_language() -> None:
    if g:
        g.pop("language", None)
