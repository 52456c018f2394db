"""A day without figures, the order by progress, and one sentence of a signal on every page."""

import json

import pytest

from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health import digest_labels
from portal.oversight.health.labels import signal_sentence
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.progress_rules import accepted_percent
from portal.oversight.health.queries import read_state
from portal.oversight.health.remedy_labels import remedy
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from tests.oversight.portfolio.conftest import ago, names, opened, row, strip
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio"


@pytest.mark.parametrize(
    ("day", "why"), [("2090-01-01", "pas encore passé"), ("2001-01-01", "Le programme commence le")]
)
def test_a_day_out_of_the_programme_says_so_instead_of_figures(browser, shown, day, why):
    page = browser.visit(f"{URL}?on={day}")
    assert "Aucun chiffre pour le" in words_of(page.main)
    assert why in words_of(page.main)
    for place in (page.h1, page.title):
        assert "équipe" not in words_of(place)
        assert day[:4] in words_of(place)
    assert "prototype" not in words_of(page.select_one(".page-head"))
    assert names(page) == []
    assert not page.select(".tile")
    for path in ("/portfolio/timeline", "/portfolio/compare"):
        told = browser.visit(f"{path}?on={day}").main
        assert "Aucun chiffre pour le" in words_of(told)
        assert not told.select("table, figure")


@pytest.mark.parametrize("path", ["/portfolio", "/portfolio/timeline", "/portfolio/compare"])
@pytest.mark.parametrize("day", ["abc", "2026-02-30"])
def test_a_day_that_does_not_exist_is_named_as_not_understood(browser, shown, path, day):
    page = browser.visit(f"{path}?on={day}")
    (alert,) = page.select("main .fr-alert")
    assert "Ce jour n’a pas été compris" in words_of(alert)
    after = page.select_one(".page-head").find_next_sibling()
    assert after is alert  # before the tiles and the list


def test_progress_sorts_by_accepted_progress_on_its_day(browser, shown):
    """Acoss has more, until its acceptance goes stale; its next gate is the same."""
    past = browser.visit(f"{URL}?sort=gate&on={ago(15)}")
    assert names(past) == ["DGAL", "Acoss"]
    assert "le nom d’une équipe ouvre son projet d’aujourd’hui" in words_of(past.main)
    assert names(browser.visit(f"{URL}?sort=gate")) == ["Acoss", "DGAL"]
    gates.decision(shown, 4, GateVerb.ACCEPTED, gates.coach(shown))
    gates.decision(shown, 0, GateVerb.WAIVED, gates.coach(shown))
    known(shown)
    state = read_state(shown)
    figures = db.session.get_one(HealthFigures, shown.id)
    db.session.refresh(figures)
    assert accepted_percent(figures.accepted, clock.today()) == state.numbers.accepted
    assert names(browser.visit(f"{URL}?sort=gate"))[0] == ("DGAL" if state.numbers.accepted else "Acoss")


def test_all_pages_say_the_same_sentence_of_a_signal_and_its_way_out(browser, browser_for, shown):
    state = read_state(shown)
    assert state.reasons
    lead_of_team = browser_for(make.role(shown.id, Role.TEAM_LEAD))
    coach = browser_for(gates.coach(shown))
    known(shown)
    state = read_state(shown)
    pages = {
        "portfolio": words_of(opened(browser, shown)),
        "health": words_of(lead_of_team.visit(f"/projects/{shown.slug}/health").main),
        "session": words_of(coach.visit(f"/projects/{shown.slug}/coaching/prepare").main),
        "pack": _read_pack_page(shown),
    }
    for signal in state.reasons:
        sentence = signal_sentence(signal, state).replace("\xa0", " ")
        way_out = remedy(signal, state).replace("\xa0", " ")
        for page in ("portfolio", "health", "session", "pack"):
            assert sentence in pages[page], page
            assert way_out.removesuffix(".") in pages[page], page
    first = signal_sentence(state.reasons[0], state).replace("\xa0", " ")
    assert first in words_of(lead_of_team.visit(f"/projects/{shown.slug}").main)
    lines = digest_labels.list_alert_lines(make.actor(make.role(shown.id, Role.COACH)))
    assert [(line.place, line.sentence.replace("\xa0", " ")) for line in lines] == [("Acoss", first)]


def _read_pack_page(project):
    """The team's page of a pack of now, in the portal's first language, as one text."""
    with using_language("fr"):
        cohort = read_cohort(project.programme_id, clock.now(), clock.today())
        (team,) = read_teams(cohort, [project.id], clock.now(), clock.today())
        return (
            json.dumps(build_team_page(team), ensure_ascii=False).replace("\\u00a0", " ").replace("\xa0", " ")
        )


def test_a_refused_gate_says_so_with_its_reasons_on_the_line_of_its_team(browser, shown):
    other = gates.decision(shown, 6, GateVerb.REFUSED, gates.coach(shown))
    known(shown)
    page = browser.visit(URL)
    assert "Refusés : G6." in strip(page, shown)
    assert page.select_one(f"#team-{shown.slug} .strip .r").text == "6"
    assert f"G6 refusé : {other.reason}" in words_of(opened(browser, shown))
    assert "Refusés" not in strip(browser.visit(f"{URL}?on={ago(15)}"), shown)


def test_a_team_with_nothing_to_judge_is_grey_and_found_by_its_own_filter(browser, team):
    known(team("Neuve", None, starts_on=clock.today()))
    line = row(browser.visit(f"{URL}?health=unknown"), "Neuve")
    assert "Trop tôt pour le dire" in line
    assert "En bonne voie" not in line
    assert names(browser.visit(f"{URL}?health=fine")) == []
    assert names(browser.visit(f"{URL}?charge=new")) == []
