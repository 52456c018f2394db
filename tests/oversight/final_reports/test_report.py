"""Final reports: read by the project's people, and by observers once it is over; page and PDF."""

import io

import pytest
from pypdf import PdfReader

from portal.oversight.final_reports import queries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from tests.support import factories as make
from tests.support import gates, project_file, user_tests
from tests.support.browser import words_of

R = "/projects/heron/outcome"


@pytest.fixture
def project(app):
    return make.project(slug="heron", title_en="Sorting letters")


@pytest.fixture
def member(project):
    return make.role(project.id, Role.TEAM_MEMBER)


def stop(project):
    project.stopped_on = clock.today()
    project.stop_reason, project.learnings = "Les données manquent.", "Demander avant de coder."
    db.session.commit()


def test_the_report_says_what_was_shown_and_learnt_on_the_page_and_on_paper(
    browser_for, project, member, statements
):
    project_file.one_of_each(project)
    test_round = user_tests.one_of_each(project, member)
    gates.panel(project, reasons="Les inspecteurs s’en servent.")
    stop(project)
    observer = browser_for(make.role(project.programme_id, Role.OBSERVER))
    page = words_of(observer.visit(f"{R}/fr").main)
    for text_part in ("Demander avant de coder.", "Les données manquent.", "Les inspecteurs", "G11"):
        assert text_part in page
    assert "sur 1" in page or "sur 2" in page  # counts, with an interval
    assert test_round.title in page
    assert "P1" not in page
    sent = observer.open(f"{R}/en.pdf")
    paper = PdfReader(io.BytesIO(sent.data))
    text = " ".join("".join(sheet_page.extract_text() for sheet_page in paper.pages).split())
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(paper.trailer["/Root"]["/Lang"]).startswith("en")
    assert "Sorting letters" in text
    assert "Demander avant de coder." in text


def test_the_report_of_a_stopped_project_awaits_no_panel(browser_for, project, member):
    browser = browser_for(member)
    assert "Aucun jury ne s’est encore prononcé." in words_of(browser.visit(f"{R}/fr").main)
    stop(project)
    clear_cached_answers()
    assert "Aucun jury ne s’est prononcé." in words_of(browser.visit(f"{R}/fr").main)


def test_whoever_watches_reads_it_once_the_project_is_over(project, member):
    observer = make.actor(make.role(project.programme_id, Role.OBSERVER))
    operator = make.actor(make.role(project.programme_id, Role.OPERATOR))
    other = make.actor(make.role(make.project().id, Role.TEAM_LEAD))
    assert queries.get_project_with_report(make.actor(member), "heron")
    for who in (observer, operator, other):
        with pytest.raises(NotFound):
            queries.get_project_with_report(who, "heron")
    stop(project)
    assert queries.get_project_with_report(observer, "heron")
    for who in (operator, other):
        with pytest.raises(NotFound):
            queries.get_project_with_report(who, "heron")


def test_many_rounds_cost_what_one_costs(project, member, statements):
    costs = []
    for count in (1, 3):
        for _time in range(count):
            test_round = user_tests.round_(project, project_file.version(project))
            user_tests.session(test_round, member)
            project_file.metric(project)
        statements.clear()
        facts = queries.read_report_facts(project)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert len(facts.tests) == 4
