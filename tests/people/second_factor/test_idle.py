"""Sessions that are not used end: after twelve hours, or one where a role demands a second factor."""

from dataclasses import replace
from datetime import timedelta

import time_machine

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from tests.people.second_factor.test_views import QUESTION, give_password
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.second_factor import code


def test_a_session_that_was_not_used_ends(ada, browser_for, app):
    browser = browser_for(ada)
    assert browser.open("/profile").status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1), tick=False):
        answer = browser.open("/profile")
        assert answer.headers["Location"] == "/sign-in?next=/profile"
        page = browser.visit(answer.headers["Location"])
        assert "n’a pas servi depuis longtemps" in words_of(page.main)
        give_password(browser)
        browser.open("/sign-out", method="POST")
        assert "depuis longtemps" not in words_of(browser.visit("/sign-in").main)


def test_a_session_that_is_used_goes_on(ada, browser_for):
    browser = browser_for(ada)
    for hours in (6, 12, 18):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            assert browser.open("/profile").status_code == 200, hours


def test_who_must_have_a_factor_is_away_for_an_hour_at_most(app, ada, codes, stranger):
    usual = get_service(Settings, app)
    provide_service(app, replace(usual, second_factor_roles=(Role.ADMINISTRATOR,)))
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    give_password(stranger)
    stranger.submit(QUESTION, code=code())
    with time_machine.travel(clock.now() + timedelta(minutes=59), tick=False):
        assert stranger.open("/profile").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=120), tick=False):
        assert stranger.open("/profile").headers["Location"].startswith("/sign-in")
    provide_service(app, usual)
