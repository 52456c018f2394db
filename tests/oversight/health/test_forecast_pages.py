"""Pages: how dates are forecast, and what waiving a gate would change."""

from datetime import timedelta

import pytest

from portal.oversight.gates.definition_rules import GateVerb
from portal.people.programmes.models import INSTALLATION, Programme
from portal.people.programmes.template_commands import create_from_template
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.oversight.gates.test_templates import EMPTY, PLAN, TRACKS
from tests.support import factories as make
from tests.support import gates
from tests.support.health import known

PAGE = "/projects/{slug}/gates/forecast"


def words_of(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


@pytest.fixture
def browser(browser_for, project):
    return browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))


@pytest.fixture
def team(project):
    """A project of the programme that began a hundred days ago."""
    programme = db.session.get_one(Programme, project.programme_id)
    return make.project(programme, slug="team", starts_on=clock.today() - timedelta(days=100))


def passed(team, days, late=0, first=0):
    """Pass gates from `first` on so many days after the start, each once."""
    now, coach = clock.now(), gates.coach(team)
    begun = now - timedelta(days=(clock.today() - team.starts_on).days)
    if not first:
        with clock.frozen_at(begun):
            gates.judged(team)
    for number, day in enumerate(days, first):
        with clock.frozen_at(begun + timedelta(days=day + late)):
            gates.decision(team, number, GateVerb.ACCEPTED, coach)
    return known(team)


def test_the_method_says_the_rule_and_the_figures_of_the_team(browser, team):
    with clock.frozen_at(clock.now() - timedelta(days=10)):
        known(team)
    passed(team, [5, 40])
    text = words_of(browser.visit(PAGE.format(slug=team.slug)).main)
    assert "il est compté une fois, jamais à chaque jalon" in text
    assert "Aujourd’hui, l’équipe a" in text
    assert "l’équipe a franchi 2 jalons, il en faut 3" in text
    assert text.count("au rythme d’aujourd’hui") == 1 + 10  # the rule, and each open gate
    assert "n = 0" in text
    gates_path = f"/projects/{team.slug}/gates"
    past = words_of(browser.visit(f"{gates_path}?on={clock.today() - timedelta(days=7)}").main)
    assert ("au rythme d’alors" in past, "au rythme d’aujourd’hui" in past) == (True, False)
    index = browser.visit(gates_path)
    assert "au rythme d’alors" not in words_of(index.main)
    assert index.select_one(f"a[href='{PAGE.format(slug=team.slug)}']")


def test_the_method_shows_the_back_test_with_its_n(browser, project):
    """Six teams as late as each other at each gate: all their ranges held."""
    programme = db.session.get_one(Programme, project.programme_id)
    starts_on = clock.today() - timedelta(days=300)
    teams = [make.project(programme, slug=f"p{n}", starts_on=starts_on) for n in range(6)]
    with clock.frozen_at(clock.now() - timedelta(days=200)):  # what was known then
        for team in teams:
            passed(team, [0, 30, 61, 61], late=9)
    for team in teams:
        passed(team, [122, 122, 152], late=9, first=4)
    text = words_of(browser.visit(PAGE.format(slug="p0")).main)
    assert "fourchette tirée de 36 écarts d’un jalon au suivant" in text
    assert "prévisions de jalons franchis depuis, dans tout le programme" in text
    assert "n = 0" not in text


def test_a_project_without_a_reading_has_the_rule_alone(browser, project):
    text = words_of(browser.visit(PAGE.format(slug=project.slug)).main)
    assert "Rien n’a encore été relevé." in text


def test_waiving_says_by_how_much_the_last_gate_would_move(browser, team):
    """G1 is overdue: without it the last gate is judged from G2, due a month later."""
    passed(team, [0])
    text = words_of(browser.visit(f"/projects/{team.slug}/gates/1/waive").main)
    assert "Le dernier jalon, G11, serait attendu vers le" in text
    assert "jours plus tôt." in text
    text = words_of(browser.visit(f"/projects/{team.slug}/gates/8/waive").main)
    assert "Le dernier jalon, G11, reste attendu vers le" in text
    text = words_of(browser.visit(f"/projects/{team.slug}/gates/11/waive").main)
    assert "Le dernier jalon ouvert serait alors G10" in text


def test_a_programme_without_gates_has_nothing_to_forecast(browser_for, app):
    admin = make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR))
    programme = create_from_template(admin, PLAN, TRACKS, EMPTY.key)
    db.session.commit()
    team = make.project(programme, slug="sans")
    known(team)
    page = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD)).visit(PAGE.format(slug="sans"))
    assert "Ce programme n’a pas de jalons : il n’y a rien à prévoir." in words_of(page.main)
    assert not page.main.select("table")
