"""A refusal is logged with its account, where somebody is signed in, and never with what was sent."""

import json

import pytest
import structlog

from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def lines(capsys):
    """A function that returns the lines of requests that were logged since."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))

    def read() -> list[dict[str, object]]:
        logged = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        return [line for line in logged if line["event"] == "request"]

    return read


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/projects/heron/sprints/plan", "POST", 422),
        ("/projects/elsewhere", "GET", 404),
        ("/projects/heron/sprints/plan", "GET", 403),
        ("/administrators", "GET", 404),
    ],
)
def test_a_refusal_names_the_account_by_its_id(browser_for, lines, path, method, status):
    role = Role.COACH if status == 403 else Role.TEAM_MEMBER
    person = make.role(make.project(slug="heron").id, role)
    assert browser_for(person).open(path, method=method).status_code == status
    (line,) = lines()
    assert (line["status"], line["person"], line["method"]) == (status, str(person.id), method)
    assert str(line["timestamp"]).endswith("Z")
    for text in (person.email, person.name, "127.0.0.1", "heron", "elsewhere"):
        assert text not in str(line)


def test_what_is_allowed_names_nobody(browser_for, lines):
    person = make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)
    assert browser_for(person).open("/projects/heron").status_code == 200
    assert "person" not in lines()[0]


@pytest.mark.parametrize(
    ("typed", "status"), [({"email": b"\xff"}, 400), ({"email": "x" * 2_000_000}, 413), ({"email": ""}, 422)]
)
def test_what_is_malformed_or_too_large_is_logged(browser_for, lines, typed, status):
    assert browser_for(None).open("/sign-in", method="POST", data=typed).status_code == status
    (line,) = lines()
    assert (line["endpoint"], line["status"]) == ("accounts.open_session", status)
    assert line["request_id"]


def test_a_form_of_another_site_and_too_many_tries_are_logged(app, browser_for, lines):
    browser = browser_for(None)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser.open("/sign-in", method="POST", data={"email": "a@demo.example", "password": "x"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    for _number in range(12):
        browser.open("/sign-in", method="POST", data={"email": "a@demo.example", "password": "x"})
    statuses = [line["status"] for line in lines()]
    assert statuses[0] == 403
    assert statuses[-1] == 429
