"""The sentences of pages in the language of a window: the code's French ones, or their translation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.support import Translations

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.journeys.person import Visitor
from tests.support.live import Portal

FOLDER = Path(__file__).parents[2] / "translations"
Say = Callable[[str], str]

in_both_languages = pytest.mark.parametrize("locale", ["fr", "en"])


def words_in(locale: str) -> Say:
    """Return a function from a sentence of the code, with plain spaces, to the one of a page."""
    catalogue = Translations.load(str(FOLDER), [locale], "messages")._catalog
    sentences = {str(key).replace("\u00a0", " "): text for key, text in catalogue.items()}
    return lambda sentence: sentence if locale == "fr" else sentences[sentence]


def speak(portal: Portal, window: Visitor, locale: str, *emails: str) -> Say:
    """Let a window, and the accounts of these people, be in a language."""
    with portal.app.app_context():
        for person in db.session.query(Person).filter(Person.email.in_(emails)):
            person.locale = locale
        db.session.commit()
    window.page.context.add_cookies([{"name": "locale", "value": locale, "url": window.url}])
    return words_in(locale)
