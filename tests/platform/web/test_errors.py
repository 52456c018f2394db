"""Error pages: reason, link to continue, time to wait."""

import re

import pytest
import sqlalchemy as sa
from flask import render_template

from portal.platform.kernel.access import Role
from tests.platform.web.test_requests import PLAN
from tests.support import factories as make
from tests.support.browser import inspect, words_of

PATH = "/projects/heron/sprints/plan"


@pytest.fixture
def member(app):
    return make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)


def sent(browser, read_page, path=PATH, **headers):
    with browser.client.application.app_context():
        answer = browser.client.post(path, data=PLAN, headers=headers)
    inspect(answer.text)
    return answer, read_page(answer.text)


@pytest.fixture
def read_page():
    soup = pytest.importorskip("bs4").BeautifulSoup
    return lambda text: soup(text, "html.parser")


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_told_so(browser_for, member, read_page, headers):
    answer, page = sent(browser_for(member), read_page, **headers)
    assert answer.status_code == 403
    assert words_of(page.h1) == "Demande venue d’un autre site"
    assert "rien n’a été fait" in words_of(page.main)
    assert "rôle" not in words_of(page.main)


def test_an_address_that_is_too_long_says_that(browser_for, member):
    page = browser_for(member).visit(f"/projects?x={'a' * 5000}", expect=414)
    assert words_of(page.h1) == "Adresse trop longue"
    assert "Erreur 414" in words_of(page.main)


def fail(*_: object) -> None:
    raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))


def draw_bare_alone(template: str, **given: object) -> str:
    if template == "platform/web/errors/error.html":
        raise RuntimeError(template)
    return render_template(template, **given)


@pytest.mark.parametrize("bare", [False, True])
def test_after_a_form_one_goes_back_to_what_was_typed(browser_for, member, read_page, monkeypatch, *, bare):
    browser = browser_for(member)
    monkeypatch.setattr("portal.people.programmes.visit_queries.fetch_before_transaction", fail)
    if bare:
        monkeypatch.setattr("portal.platform.web.error_pages.render_template", draw_bare_alone)
    answer, page = sent(browser, read_page)
    assert answer.status_code == 503
    assert "Revenez à la page précédente : ce que vous aviez écrit y est gardé" in words_of(page)
    assert page.find("a", string="Réessayer") is None  # it would open the form empty


def test_trying_again_after_a_page_leads_to_the_page(browser_for, member, read_page, monkeypatch):
    browser = browser_for(member)
    monkeypatch.setattr("portal.people.programmes.visit_queries.fetch_before_transaction", fail)
    page = read_page(browser.open("/projects?page=2", method="GET").text)
    assert page.find("a", string="Réessayer")["href"] == "/projects?page=2"
    assert re.findall(r"minutes?|instant", words_of(page.main)) == ["minute"]


def test_a_sign_out_that_is_refused_is_a_whole_page(app, browser_for, member, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = browser_for(member)
    page = browser.submit("/sign-out", expect=403)
    assert page.select_one("#header")
    browser.visit("/profile")


def test_the_page_of_a_form_is_found_whatever_its_address_holds(app):
    for encoded in ("a%0Ab", "a%3Fb", "a%23b", "a%2525b"):
        answer = app.test_client().get(f"/programmes/{encoded}/calls/1/state")
        assert (answer.status_code, answer.location) == (303, f"/programmes/{encoded}/calls/1")
