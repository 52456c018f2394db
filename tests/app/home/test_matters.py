"""The priorities of a project on its page, and their links."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.sprints.models import Blocker
from tests.support import ceremonies, project_file, user_tests
from tests.support import factories as make
from tests.support.browser import words_of

PAGE = 11  # statements of the project’s page


@pytest.fixture
def project(app):
    return make.project(organisation="Acoss", acronym="", starts_on=clock.today())


def full(project, person, *, more: int = 1) -> None:
    """Rows of all that a home shows, `more` of each."""
    last = make.closed_sprint(project, number=1, blocker=Blocker.DATA_ACCESS)
    told = ceremonies.retrospective(project, last)
    for _number in range(more):
        ceremonies.action(project, told, person, what="Inviter le DPO")
        make.item(project, state=ItemState.BLOCKED, block_reason="Pas d’accès", title="Annoter")
        project_file.assumption(project, statement="Les lettres se ressemblent.", risk=5)
        project_file.version(project)


def test_a_home_says_what_matters_now_and_leads_there(browser_for, project):
    person = make.holder(Role.TEAM_MEMBER, project)
    full(project, person)
    make.active_sprint(project, number=2, goal="Montrer la carte", ends_on=clock.today())
    page = browser_for(person).visit(f"/projects/{project.slug}")
    leads = {words_of(link): link["href"] for link in page.select(".matters a")}
    here = f"/projects/{project.slug}"
    assert leads["But : Montrer la carte"] == f"{here}/sprints/2"
    assert leads["Annoter"].startswith(f"{here}/backlog/")
    assert leads["Inviter le DPO"] == f"{here}/actions/1"
    assert leads["Version 1"] == f"{here}/file/prototypes/1"
    assert leads["Les lettres se ressemblent."] == f"{here}/file/assumptions/1/result"
    told = words_of(page.select_one(".matters"))
    assert "Personne ne l’a encore essayée : préparer un test" in told.replace("\xa0", " ")
    assert "Pas d’accès" in told
    assert "Accès aux données" in told
    assert "Date passée" in told
    assert "Ouverte Inviter le DPO" in told


def test_the_last_round_of_tests_stands_beside_the_prototype(browser_for, project):
    person = make.holder(Role.TEAM_MEMBER, project)
    made = user_tests.planned(project)
    user_tests.session(made, person)
    browser = browser_for(person)
    told = words_of(browser.visit(f"/projects/{project.slug}").select_one(".matters")).replace("\xa0", " ")
    assert "En cours Série 1 : Lire la carte 1 séance" in told
    project_file.version(project)
    told = words_of(browser.visit(f"/projects/{project.slug}").select_one(".matters"))
    assert "1 séance, sur une version d’avant" in told


def test_an_empty_home_says_what_to_do_next_to_whoever_may(browser_for, project):
    member = browser_for(make.holder(Role.TEAM_MEMBER, project)).visit(f"/projects/{project.slug}")
    starts = [link["href"] for link in member.select(".matters > div > p a")]
    here = f"/projects/{project.slug}"
    assert starts == [f"{here}/sprints/plan", f"{here}/file/prototypes/new", f"{here}/file/assumptions/new"]
    coach = browser_for(make.holder(Role.COACH, project)).visit(here)
    assert "Aucune version n’est encore sortie." in words_of(coach.select_one(".matters"))
    assert coach.select(".matters > div > p a") == []


def test_a_full_home_costs_what_a_scarce_one_costs(browser_for, project, statements):
    person = make.holder(Role.TEAM_MEMBER, project)
    full(project, person)
    browser, costs, path = browser_for(person), [], f"/projects/{project.slug}"
    for more in (0, 20):
        if more:
            told = ceremonies.retrospective(project, make.closed_sprint(project, number=9))
            for _number in range(more):
                ceremonies.action(project, told, person)
                make.item(project, state=ItemState.BLOCKED, block_reason="r")
                project_file.assumption(project)
        browser.visit(path)
        statements.clear()
        browser.visit(path)
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1]
    assert costs[0] <= PAGE
