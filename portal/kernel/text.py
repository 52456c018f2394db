"""Words: cleaned on the way in, folded to compare and sort, marked for translation.

French is the source language: `_("…")` holds the French sentence, the catalogues the others.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import flask_babel
from flask_babel import force_locale, get_locale, lazy_gettext, lazy_ngettext
from flask_babel.speaklater import LazyString

__all__ = [
    "FORMATS",
    "LOCALES",
    "MENTION",
    "LazyString",
    "clean",
    "fold",
    "gettext",
    "in_language",
    "in_reader_language",
    "lazy_gettext",
    "lazy_ngettext",
    "ngettext",
    "slugify",
]

LOCALES = ("fr", "en")
FORMATS = {"fr": "fr", "en": "en_GB"}  # whose dates and numbers are written


def gettext(sentence: str, **facts: object) -> str:
    """A French sentence in the reader's language, with its facts."""
    return cast(str, flask_babel.gettext(sentence, **facts))


def ngettext(one: str, several: str, num: int, **facts: object) -> str:
    """The same for a number of things, which the sentence may name as `%(num)s`."""
    return cast(str, flask_babel.ngettext(one, several, num, **facts))


# Characters that reorder or hide text (Unicode TR 36), and controls but tab and newline.
_TRICKS = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# `@handle` in a text; an e-mail address is not one.
MENTION = re.compile(r"(?<![\w@/.])@([a-z0-9]+(?:[.-][a-z0-9]+)*)")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def clean(text: str) -> str:
    """As it is kept: NFC, line ends as \\n, no invisible tricks, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TRICKS.sub("", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Without case, accents or ligatures: to sort and search French on any database."""
    flat = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    return "".join(char for char in flat if not unicodedata.combining(char))


def slugify(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:limit].strip("-")


def in_reader_language(french: str, english: str) -> str:
    """One of two texts kept in both languages; French where the other is missing."""
    locale = get_locale()
    return (
        english if english and locale is not None and cast(str, locale.language) == "en" else french
    )


@contextmanager
def in_language(locale: str) -> Iterator[None]:
    """Sentences, dates and numbers for a reader who is not the one asking."""
    with force_locale(FORMATS[locale]):
        yield
