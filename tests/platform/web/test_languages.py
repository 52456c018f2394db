"""The language of responses before authentication: that of the browser's cookie."""

import pytest
from bs4 import BeautifulSoup

from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of

PROFILE = {"name": "Ada", "time_zone": "Europe/Paris"}


@pytest.fixture
def ada(app):
    return with_password(make.person(locale="en", email="ada@demo.example"), app)


def refused(browser):
    return words_of(browser.submit("/profile", expect=400, name="a\0b").h1)


def test_a_second_device_speaks_it_from_the_sign_in_on(ada, browser_for):
    browser = browser_for(None)
    assert refused(browser) == "Demande illisible"
    answer = browser.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("locale="))
    assert "locale=en" in cookie
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert refused(browser) == "Unreadable request"


def test_a_language_changed_elsewhere_is_taken_up_at_the_next_page(ada, browser_for):
    browser = browser_for(ada)
    browser.visit("/profile")
    assert refused(browser) == "Unreadable request"
    db.session.refresh(ada)
    browser_for(ada).submit("/profile", **PROFILE, locale="fr", version=ada.version)
    browser.visit("/profile")
    assert refused(browser) == "Demande illisible"


def test_the_cookie_is_as_safe_as_the_sessions(app, ada, browser_for, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    answer = browser_for(None).open("/language", method="POST", data={"locale": "en"})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-locale="))
    assert "Secure" in cookie.split("; ")


def test_a_browser_of_the_other_language_finds_the_switch_in_the_header(ada, browser_for):
    browser = browser_for(ada)
    for accepted, offered in (("fr-FR,fr;q=0.9,en;q=0.5", 1), ("en-GB,fr;q=0.5", 0), ("", 0), ("de", 0)):
        page = BeautifulSoup(
            browser.client.get("/profile", headers={"Accept-Language": accepted}).text, "lxml"
        )
        buttons = page.select(".fr-header__service button[name=locale][value=fr]")
        assert len(buttons) == offered, accepted


@pytest.mark.parametrize(
    ("accepted", "locale"), [("en-GB,fr;q=0.5", "en"), ("de,fr-CA,en", "fr"), ("de", "fr")]
)
def test_a_stranger_reads_the_first_language_that_the_portal_speaks(app, accepted, locale):
    page = app.test_client().get("/sign-in", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{locale}"' in page
