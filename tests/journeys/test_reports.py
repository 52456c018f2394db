"""Browser test: a lead and an observer read coverage, trends and the report of user tests."""

import pytest
from playwright.sync_api import expect

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import user_tests as tests
from tests.support.project_file import group, version
from tests.user_tests.reports.conftest import people

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def two_rounds(team):
    """Create two rounds with the same task on two versions; the first is finished."""
    project = db.session.query(Project).filter_by(slug=team.slug).one()
    agent = db.session.query(Person).filter_by(email=team.agent).one()
    who = group(project, name="Les contrôleurs")
    first = tests.round_(project, version(project), ended_on=tests.WHEN.date(), access_needs=1)
    second = tests.round_(project, version(project), title="Lire la carte encore")
    before = tests.task(first)
    after = tests.task(second, lineage=before.lineage)
    tests.aims_at(second, who, 10)
    people(first, before, who, agent, "sffffhff", seconds=90)
    people(second, after, who, agent, "ssssssss")
    tests.finding(first, what="La légende n’est pas vue.", severity=3)


def test_tests_are_read_together_and_their_report_is_taken_away(visitor, portal, team, width, script):
    with portal.app.app_context():
        two_rounds(team)
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/tests")
    agent.follow("Publics")
    agent.sees("10 participants visés sur la version 2, 8 sur 10.")
    agent.finds_no_fault()
    agent.follow("Évolution")
    agent.sees("C’est mieux")
    agent.finds_no_fault()
    agent.follow("Comparaison")
    agent.sees("mieux pour 3, moins bien pour 0")
    page = agent.page
    page.get_by_label("Avant").select_option("2")
    page.get_by_label("Après").select_option("1")
    agent.press("Comparer")
    agent.sees("C’est moins bien")
    assert "before=2" in page.url
    agent.finds_no_fault()
    agent.follow("Rapport de la série 1")
    agent.sees("La légende n’est pas vue.")
    agent.follow("En anglais")
    expect(page.locator("article[lang=en]")).to_contain_text("What got in the way")
    agent.finds_no_fault()
    with page.expect_download() as download:
        agent.follow("Télécharger le PDF")
    assert download.value.suggested_filename == f"{team.slug}-1-report-en.pdf"
