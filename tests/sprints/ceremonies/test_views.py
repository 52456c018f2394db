"""Pages of demonstrations, retrospectives and actions, for the team and for readers."""

from datetime import date, timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Settlement
from tests.support import ceremonies, project_file, uploads
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.uploads import send

P = "/projects/heron"
RETROSPECTIVE = f"{P}/sprints/1/retrospective"


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def sprint(project):
    return make.closed_sprint(project)


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)


def test_a_demonstration_is_noted_from_its_sprint_and_read_there(browser, project, sprint):
    project_file.version(project)
    sprint_page = browser.visit(f"{P}/sprints/1")
    assert "Noter ce qui a été montré, et à qui." in words_of(sprint_page.main)
    form = browser.visit(f"{P}/sprints/1/demonstrations/new")
    assert form.select_one("[name=prototype] option[selected]")["value"] == "1"
    typed = {"held_on": "2026-03-12", "prototype": "1", "agents": "3", "team_business": "1"}
    page = browser.submit(f"{P}/sprints/1/demonstrations/new", **typed)
    assert "1 personne de l’équipe, 3 personnes d’ailleurs" in words_of(page.main)
    told = words_of(browser.visit(f"{P}/sprints/1").main)
    assert "Démonstration 1 12 mars 2026, version 1, 1 personne de l’équipe" in told
    assert "En noter une autre." in told
    assert "12 mars 2026" in words_of(browser.visit(f"{P}/demonstrations").main)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"agents": "0"}, "team_business"),
        ({"agents": "1000"}, "agents"),
        ({"agents": "-1"}, "agents"),
        ({"agents": "3", "held_on": "2026-02-01"}, "held_on"),
        ({"agents": "3", "prototype": "7"}, "prototype"),
    ],
)
def test_a_refused_demonstration_keeps_what_was_typed(browser, sprint, typed, field):
    usual = {"held_on": "2026-03-12", "prototype": "0", "feedback": "Ils ont ri."}
    path = f"{P}/sprints/1/demonstrations/new"
    page = browser.submit(path, expect=422, **usual | typed)
    assert page.select_one(f"[name={field}]")["aria-invalid"] == "true"
    assert "Ils ont ri." in page.select_one("[name=feedback]").text
    assert db.session.query(Demonstration).count() == 0


def test_two_who_change_a_demonstration_read_each_other(browser, project, sprint):
    ceremonies.demonstration(project, sprint)
    typed = {"held_on": "2026-03-12", "prototype": "0", "agents": "3"}
    browser.submit(f"{P}/demonstrations/1/edit", version=1, feedback="Premier", **typed)
    page = browser.submit(f"{P}/demonstrations/1/edit", expect=409, version=1, feedback="Second", **typed)
    assert "Premier" in page.text
    assert "Second" in page.text
    history = words_of(browser.visit(f"{P}/demonstrations/1/history").main)
    assert "Démonstration modifiée" in history
    assert "Premier" in history


def test_a_retrospective_is_written_with_the_open_actions_in_sight(browser, project, person):
    first = make.closed_sprint(project)
    ceremonies.action(project, ceremonies.retrospective(project, first), person, what="Relancer")
    make.closed_sprint(project, number=2)
    form = browser.visit(f"{P}/sprints/2/retrospective/edit")
    assert form.select("main form > .sticky .fr-btn")
    assert "Relancer Ouverte depuis 1 sprint" in words_of(form.main)
    page = browser.submit(
        f"{P}/sprints/2/retrospective/edit", held_on="2026-03-27", went_well="Le binôme", version=0
    )
    assert "Le binôme" in words_of(page.main)
    assert "Encore ouvertes depuis les sprints précédents" in words_of(page.main)
    typed = {"what": "Filmer la démonstration", "owner": str(person.id), "due_on": "2026-04-10"}
    page = browser.submit(f"{P}/sprints/2/retrospective/actions/new", **typed)
    assert "Filmer la démonstration" in words_of(page.select_one("#actions"))


def test_a_sprint_without_a_retrospective_says_what_it_is_for(browser, browser_for, sprint, project):
    assert browser.visit(RETROSPECTIVE).find("a", string="Écrire la rétrospective")
    coach = browser_for(make.holder(Role.COACH, project))
    assert not coach.visit(RETROSPECTIVE).find("a", string="Écrire la rétrospective")


def test_an_action_is_settled_where_it_is_read_and_can_be_taken_back(browser, project, sprint, person):
    row = ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    page = browser.submit(f"{P}/actions/1/settle", to="done", back=1)
    assert f"« {row.what} » : faite." in words_of(page).replace("\xa0", " ")
    assert f"noté par {person.name}" in words_of(page.select_one("#action-1"))
    browser.submit(f"{P}/actions/1/settle", to="open")
    db.session.refresh(row)
    assert row.settlement is None
    page = browser.submit(f"{P}/actions/1/settle", expect=422, to="nonsense")
    assert "Demande refusée" in words_of(page.main)


def test_an_action_leads_to_its_item_and_back(browser, project, sprint, person):
    ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    item = browser.submit(f"{P}/actions/1/item")
    assert words_of(item.h1) == "Inviter le DPO"
    back = item.find("a", string="Voir d’où vient cet élément")["href"]
    page = browser.visit(back)
    assert "élément 1 du carnet (à faire)" in words_of(page.select_one("#action-1"))
    again = browser.submit(f"{P}/actions/1/item")
    assert words_of(again.h1) == "Inviter le DPO"


def test_an_action_whose_owner_left_says_so(browser, project, sprint):
    other = make.person(name="Noé Petit")
    ceremonies.action(project, ceremonies.retrospective(project, sprint), other)
    assert "Noé Petit, qui a quitté l’équipe" in words_of(browser.visit(f"{P}/actions").main)
    form = browser.visit(f"{P}/actions/1/edit")
    assert form.select_one("[name=owner] option[selected]")["value"] == str(other.id)


def test_htmx_gets_the_list_alone_with_a_word_and_the_focus(browser, project, sprint, person):
    ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    browser.visit(f"{P}/actions")
    page = browser.with_htmx().submit(f"{P}/actions/1/settle", to="dropped")
    assert page.select_one("[data-announce][data-focus]")
    assert not page.select("h1")


def test_an_english_reader_counts_the_sprints_in_english(browser_for, project, person):
    first = make.closed_sprint(project)
    ceremonies.action(project, ceremonies.retrospective(project, first), person)
    reader = make.role(project.id, Role.COACH, make.person(locale="en"))
    said = []
    for number in (2, 3):
        make.closed_sprint(project, number=number)
        said.append(words_of(browser_for(reader).visit(f"{P}/actions").select_one("#action-1")))
    assert "Open for 1 sprint " in said[0]
    assert "Open for 2 sprints " in said[1]


def test_fifty_actions_cost_what_one_costs(browser, project, sprint, person, statements):
    told = ceremonies.retrospective(project, sprint)
    costs = []
    for more in (1, 49):
        for _ in range(more):
            ceremonies.action(project, told, person)
            make.comment(sprint.discussion_id, person)
        for path in (f"{P}/actions", RETROSPECTIVE, f"{P}/sprints/{sprint.number}"):
            browser.visit(path)
            statements.clear()
            browser.visit(path)
            costs.append(len(statements))
    assert costs[:3] == costs[3:]
    assert costs[2] <= 11


def test_settled_actions_come_after_open_ones(browser, project, sprint, person):
    told = ceremonies.retrospective(project, sprint)
    ceremonies.action(project, told, person)
    ceremonies.action(project, told, person, due_on=date(2026, 3, 16))
    browser.submit(f"{P}/actions/1/settle", to="done")
    rows = browser.visit(f"{P}/actions").select(".deeds > li")
    assert [row["id"] for row in rows] == ["action-2", "action-1"]
    kept = db.session.query(RetroAction).filter_by(number=1).one()
    assert kept.settlement is Settlement.COMPLETED


def test_a_demonstration_is_deleted_the_same_day_and_says_why_not_later(
    browser, browser_for, project, sprint
):
    ceremonies.demonstration(project, sprint)
    page = browser.visit(f"{P}/demonstrations/1")
    assert page.select_one(f'a[href="{P}/demonstrations/1/delete"]')
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        next_day = browser_for(make.role(project.id, Role.TEAM_MEMBER))  # a session ends overnight
        later = next_day.visit(f"{P}/demonstrations/1")
        assert "Une démonstration est une preuve datée" in words_of(later.main)
        assert not later.select(f'a[href="{P}/demonstrations/1/delete"]')
        assert next_day.open(f"{P}/demonstrations/1/delete").status_code == 403
    coach = browser_for(make.role(project.id, Role.COACH)).visit(f"{P}/demonstrations/1")
    assert "preuve datée" not in words_of(coach.main)
    asked = browser.visit(f"{P}/demonstrations/1/delete")
    assert "Elle a été notée aujourd’hui." in words_of(asked.main)
    page = browser.submit(f"{P}/demonstrations/1/delete", form_key="d")
    assert "Démonstration supprimée" in words_of(page)
    browser.visit(f"{P}/demonstrations/1", expect=404)
    told = words_of(browser.visit(f"{P}/activity").main)
    assert "a supprimé une démonstration du sprint 1, notée par erreur le jour même" in told


def test_a_retrospective_takes_files(browser, project, sprint):
    kept = ceremonies.retrospective(project, sprint)
    page = browser.visit(RETROSPECTIVE)
    place = f"/files/of/retrospective/{kept.id}"
    assert page.select_one("#files form")["action"] == place
    answer = send(browser, place, uploads.PDF, "tableau.pdf")
    assert answer.location == f"{RETROSPECTIVE}#files"
    assert "tableau.pdf" in words_of(browser.visit(RETROSPECTIVE).select_one("#files"))
    listed = words_of(browser.visit(f"{P}/files").main)
    assert "Rétrospective du sprint 1" in listed
