"""Regression tests of request checks that the fuzz test found."""

from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from portal.app.application.factory import FORM_MEMORY, FORM_PARTS
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.request_checks import ADDRESS_MAX
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support.browser import Browser, words_of

PLAN = {"goal": "Lire", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
PLAIN = "application/x-www-form-urlencoded"


@pytest.fixture
def browser(app, browser_for) -> Browser:
    return browser_for(make.role(make.project(slug="heron").id, Role.TEAM_MEMBER))


def plan(browser: Browser, body: str) -> TestResponse:
    return browser.open("/projects/heron/sprints/plan", method="POST", data=body, content_type=PLAIN)


def test_an_address_that_is_too_long_is_refused(browser):
    page = browser.visit("/projects?page=" + "1" * ADDRESS_MAX, expect=414)
    assert words_of(page.h1) == "Adresse trop longue"
    assert browser.open("/" + "f" * ADDRESS_MAX).status_code == 414


def test_a_plain_form_has_the_limits_of_one_with_files(browser):
    days = {"starts_on": "2026-03-02", "ends_on": "2026-03-13"}
    assert plan(browser, urlencode({"goal": "g" * FORM_MEMORY} | days)).status_code == 413
    many = {f"f{n}": "" for n in range(FORM_PARTS)}
    assert plan(browser, urlencode({"goal": "g"} | days | many)).status_code == 413
    assert db.session.query(Sprint).count() == 0


def test_a_host_that_is_not_ours_is_refused_to_people_who_are_signed_in_too(browser):
    answer = browser.open("/", base_url="http://evil.example/")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "<h1>Demande illisible</h1>" in answer.text


@pytest.mark.parametrize("address", ["http://[::1", "http://[fuzz", "//", "http://localhost:x/"])
def test_where_a_request_came_from_may_be_nonsense(app, address):
    answer = app.test_client().post("/profile", headers={"Referer": address})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_two_slashes_lead_nowhere(browser):
    answer = browser.open("/projects//heron")
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 303), ("null", 303), ("https://evil.example", 403)],
    ids=["ours", "none", "theirs"],
)
def test_a_form_of_another_origin_is_refused(browser, origin, status):
    typed = {"data": PLAN, "headers": {"Origin": origin}}
    answer = browser.client.post("/projects/heron/sprints/plan", **typed)
    assert answer.status_code == status


def test_a_replacement_character_pasted_from_a_document_is_text(browser):
    pasted = PLAN | {"goal": "Lire le rapport \ufffd"}
    browser.submit("/projects/heron/sprints/plan", **pasted)
    assert db.session.query(Sprint).one().goal == "Lire le rapport \ufffd"


@pytest.mark.parametrize("goal", [7, None, ["a"], {"a": 1}], ids=["number", "null", "list", "object"])
def test_json_is_no_form(browser, goal):
    asked = browser.client.post("/projects/heron/sprints/plan", json=PLAN | {"goal": goal})
    assert asked.status_code == 422
    assert db.session.query(Sprint).count() == 0
