"""The order of what is to decide, and the place in it to which an act comes back."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.oversight.to_decide import selection_rules
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import decisions as some
from tests.support import factories as make
from tests.support import rereviews
from tests.support.browser import words_of

URL = "/to-decide"
LINES = "#to-decide .todo > li"
STATIC = Path(__file__).parents[3] / "static"


def test_ones_own_comes_first_then_nobodys_then_what_others_have(browser_for, leading, project):
    others = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    for days, owner in ((30, others), (20, None), (10, leading), (9, leading)):
        asked_at = clock.now() - timedelta(days=days)
        some.decision(project, created_at=asked_at, owner_id=owner and owner.id)
    page = browser_for(leading).visit(URL)
    whose = [words_of(line.select_one(".whose")) for line in page.select(LINES)]
    assert whose == ["À vous", "À vous", "Sans responsable", others.name]
    days = [re.search(r"(\d+) jours", words_of(line))[1] for line in page.select(LINES)]
    assert days[:2] == ["10", "9"]
    assert "Ce qui est à vous, puis à personne, puis à d’autres" in words_of(
        page.select_one("#to-decide-head")
    )


def test_the_order_is_said_where_lines_of_several_are_listed(browser_for, leading, project):
    some.decision(project, created_at=clock.now() - timedelta(days=20))
    order, answer = "puis à personne, puis à d’autres", "L’équipe lit votre réponse aussitôt."
    for tab, is_ordered in (("all", True), ("nobody", False)):
        head = words_of(browser_for(leading).visit(f"{URL}?show={tab}").select_one("#to-decide-head"))
        assert (order in head, answer in head) == (is_ordered, True)
    decided = words_of(browser_for(leading).visit(f"{URL}?show=done").main)
    for sentence in (order, answer, "entre au relevé", "En retard"):
        assert sentence not in decided


@pytest.fixture
def rows(project, person):
    """Four decisions in nobody's charge, the oldest first."""
    moments = [clock.now() - timedelta(days=9 - n) for n in range(4)]
    return [some.decision(project, person, created_at=moment) for moment in moments]


ANSWERED = {"outcome": "refused", "answer": "Non, pas cet été.", "version": "1"}


def form_of(browser, place, act, query=""):
    return browser.visit(f"{URL}{query}").select(f"{LINES} form[action*='/{act}']")[place - 1]["action"]


def order_on(page, rows):
    """The places of `rows` as a page lists them, and its message."""
    places = {row.id.hex: n for n, row in enumerate(rows, 1)}
    return [
        places[line["id"].split("-")[1]] if line.get("id") else words_of(line) for line in page.select(LINES)
    ]


@pytest.mark.parametrize("place", [2, 3, 4])
def test_an_answer_names_the_team_where_its_line_was(direction, project, rows, place):
    page = direction.with_htmx().submit(form_of(direction, place, "answer"), **ANSWERED)
    left = [n for n in (1, 2, 3, 4) if n != place]
    said = f"Réponse envoyée à {project.short_name}."
    assert order_on(page, rows) == [*left[: place - 1], said, *left[place - 1 :]]
    assert page.select_one(f"{LINES} [data-focus]")


def test_the_answer_of_the_first_line_is_above_the_list(direction, project, rows):
    page = direction.with_htmx().submit(form_of(direction, 1, "answer"), **ANSWERED)
    assert order_on(page, rows) == [2, 3, 4]
    assert words_of(page.select_one("#to-decide [data-focus]")) == f"Réponse envoyée à {project.short_name}."


def test_what_one_takes_goes_to_the_top_and_the_message_stays_with_the_team(direction, project, rows):
    page = direction.with_htmx().submit(form_of(direction, 3, "take"), version="1")
    assert order_on(page, rows) == [3, 1, 2, f"{project.short_name} : vous vous en chargez.", 4]


def test_what_one_takes_from_a_further_page_leaves_its_message_there(direction, project, person, monkeypatch):
    monkeypatch.setattr(selection_rules, "PER_PAGE", 3)
    moments = [clock.now() - timedelta(days=9 - n) for n in range(6)]
    rows = [some.decision(project, person, created_at=moment) for moment in moments]
    page = direction.with_htmx().submit(form_of(direction, 2, "take", "?page=2"), version="1")
    assert order_on(page, rows) == [3, 4, f"{project.short_name} : vous vous en chargez.", 6]


def test_a_refused_answer_is_kept_in_its_line_on_whatever_page_that_is(direction, rows, monkeypatch):
    monkeypatch.setattr(selection_rules, "PER_PAGE", 2)
    path = form_of(direction, 2, "answer", "?page=2").partition("?")[0]  # the page is not said
    page = direction.submit(path, expect=422, outcome="", answer="Oui, dès mars.", version="1")
    line = page.select_one(f"[id='decisions-{rows[3].id.hex}-{rows[3].number}']")
    assert line.textarea.text.strip() == "Oui, dès mars."


@pytest.mark.parametrize("place", [1, 3, 4])
def test_without_scripts_an_act_comes_back_to_an_element_that_exists(direction, rows, place):
    sent = direction.open(form_of(direction, place, "answer"), method="POST", data=ANSWERED)
    page = direction.visit(sent.location)
    anchor = page.find(id=urlsplit(sent.location).fragment)
    assert anchor["id"].endswith(
        f"{rows[place - 2].id.hex}-{rows[place - 2].number}" if place > 1 else "to-decide"
    )
    assert not direction.visit(f"{URL}?below=x").select(f"{LINES} [data-focus]")


def test_a_page_where_a_line_is_settled_leads_back_to_the_line_above(direction, project):
    some.decision(project, created_at=clock.now() - timedelta(days=2))
    member = make.role(project.id, Role.TEAM_LEAD)
    rereviews.one_of_each(project, make.role(project.id, Role.ETHICS_REVIEWER), member)
    link = direction.visit(URL).select_one(f"{LINES} .todo__acts a[href*='return_to=']")
    above = link.find_parent("li").find_previous_sibling("li")["id"]
    assert parse_qs(urlsplit(link["href"]).query)["return_to"][0].endswith(f"#{above}")


def test_the_short_head_on_phones_is_of_this_page_alone():
    """“Préparer la séance” reads the same file."""
    heads = [line for line in (STATIC / "decide.css").read_text().splitlines() if ".page-head" in line]
    assert heads
    assert all(line.strip().startswith("#to-decide-head ") for line in heads)
