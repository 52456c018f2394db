"""A day without figures, the order by progress, and one sentence of a signal on every page."""

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health import digest_labels
from portal.oversight.health.fact_rules import GateFacts
from portal.oversight.health.labels import signal_sentence
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.progress_rules import accepted_percent
from portal.oversight.health.queries import read_state
from portal.oversight.health.remedy_labels import remedy
from portal.oversight.portfolio import line_labels
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


@pytest.mark.parametrize(
    ("days_late", "lacking", "language", "sentence"),
    [
        (-3, 5, "fr", "G4 : il manque 5 preuves, prévu le 4 déc."),
        (0, 1, "fr", "G4 : il manque une preuve, prévu le 1er déc."),
        (24, 5, "fr", "G4 : il manque 5 preuves, 24 j de retard"),
        (24, 1, "fr", "G4 : il manque une preuve, 24 j de retard"),
        (24, 0, "fr", "G4 : 24 j de retard"),
        (0, 0, "fr", "G4 prévu le 1er déc."),
        (-3, 5, "en", "G4: 5 proofs missing, due 4 Dec"),
        (24, 5, "en", "G4: 5 proofs missing, 24 d late"),
    ],
)
def test_a_line_says_that_proofs_are_missing_and_how_late_its_gate_is(
    app, days_late, lacking, language, sentence
):
    day = date(2026, 12, 1)
    step = GateFacts(4, "g4", 10, day - timedelta(days=days_late), lacking=lacking)
    state = SimpleNamespace(day=day, facts=SimpleNamespace(steps=(step,)))
    team = SimpleNamespace(goes_on=True, state=state)
    with app.test_request_context(), force_locale(language):
        assert line_labels.next_gate(team).replace("\xa0", " ") == sentence


def test_without_scripts_a_link_leads_to_the_team_unfolded_in_its_place(browser, shown):
    line = browser.visit(URL).select_one(f"#team-{shown.slug}")
    path, _sign, place = line.select_one(".teams__more a")["href"].partition("#")
    unfolded = browser.visit(f"{URL}{path}").select_one(f"#team-{shown.slug} #{place}")
    assert unfolded.has_attr("open")
