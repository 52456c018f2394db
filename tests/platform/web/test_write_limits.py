"""An account writes so often in an hour, in all of its browsers and by all forms."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from portal.platform.kernel import clock, settings
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.sprints.sprints.models import Sprint
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of

PLAN = {"goal": "Lire", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
MOST = 5


@pytest.fixture
def few_writes(app):
    usual = get_service(Settings, app)
    provide_service(app, replace(usual, writes_per_hour=MOST))
    yield
    provide_service(app, usual)


@pytest.fixture
def member(app):
    return make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)


def use_up(browser) -> None:
    for _number in range(MOST):
        assert browser.open("/projects/heron/sprints/plan", method="POST").status_code == 422


def test_production_has_a_limit_and_the_demonstration_none():
    assert settings.load_settings({}).writes_per_hour == 0
    assert settings.load_settings({"WRITES_PER_HOUR": "7"}).writes_per_hour == 7
    assert settings.WRITES_PER_HOUR == 1200


def test_a_form_beyond_it_writes_nothing_and_keeps_what_was_typed(few_writes, member, browser_for):
    browser = browser_for(member)
    use_up(browser)
    page = browser.submit("/projects/heron/sprints/plan", expect=429, **PLAN)
    assert page.select_one("[name=goal]")["value"] == "Lire"
    assert "Trop d’essais" in words_of(page.main)
    assert db.session.query(Sprint).count() == 0


def test_it_counts_all_browsers_of_an_account(app, few_writes, member, browser_for):
    with_password(member, app)
    browsers = browser_for(None), browser_for(None)
    data = {"email": member.email, "password": SECRET}
    assert {each.open("/sign-in", method="POST", data=data).status_code for each in browsers} == {303}
    use_up(browsers[0])
    assert browsers[1].open("/projects/heron/sprints/plan", method="POST").status_code == 429


def test_reading_and_signing_out_go_on(few_writes, member, browser_for):
    browser = browser_for(member)
    use_up(browser)
    assert browser.open("/language", method="POST", data={"locale": "en"}).status_code == 429
    assert browser.open("/projects/heron").status_code == 200
    assert browser.open("/sign-out", method="POST").status_code == 303


def test_others_and_the_next_hour_are_free(few_writes, member, browser_for):
    use_up(browser_for(member))
    other = make.role(make.project(slug="lynx").id, Role.TEAM_MEMBER)
    assert browser_for(other).open("/projects/lynx/sprints/plan", method="POST").status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert browser_for(member).open("/projects/heron/sprints/plan", method="POST").status_code == 422
