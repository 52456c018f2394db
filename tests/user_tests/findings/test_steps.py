"""The steps from a finding to its closing, of open and of closed findings."""

from datetime import UTC, datetime

import pytest

from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.backlog.flow_rules import ItemState
from portal.user_tests.findings import commands, queries
from portal.user_tests.findings.models import Finding, FindingClosingKind
from portal.user_tests.findings.section_views import list_sprint_lines
from portal.user_tests.findings.step_labels import list_finding_steps
from tests.support import factories as make
from tests.support import user_tests

DONE_AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def finding(first):
    return user_tests.finding(first, severity=2)


@pytest.fixture
def item(project, member, finding):
    return commands.create_backlog_item(member, project, finding)


@pytest.fixture
def read_steps(app, member, project, finding):
    def read():
        db.session.flush()
        details = queries.read_finding(member, project, finding.number)
        with app.test_request_context():
            return list_finding_steps(project, details, [], [])

    return read


@pytest.fixture
def read_titles(read_steps):
    return lambda: [step.title for step in read_steps()]


def test_findings_that_a_sprint_corrects_agree_with_their_numbers(app, member, project):
    with app.test_request_context():
        (line,) = list_sprint_lines(member, project, None, [[(1, True), (2, False)]])
    assert line.text == "2 constats à corriger, 1 fait"


def close(finding, person):
    finding.closing, finding.closed_at, finding.closed_by_id = FindingClosingKind.SETTLED, DONE_AT, person.id
    db.session.commit()


def test_an_open_finding_waits_for_a_sprint(read_steps, item):
    (step,) = [step for step in read_steps() if step.title == "Sprint"]
    assert (step.text, step.at, step.url) == ("pas encore pris dans un sprint", None, "")


def test_a_closed_finding_waits_for_no_sprint(read_titles, person, finding, item):
    close(finding, person)
    assert read_titles() == ["Vu en test", "Au carnet", "Clôture"]


def test_a_finding_without_item_has_no_sprint_step(read_titles, person, finding):
    assert read_titles() == ["Vu en test", "Au carnet", "Nouveau test", "Clôture"]
    close(finding, person)
    assert read_titles() == ["Vu en test", "Clôture"]


def test_an_abandoned_item_waits_for_no_sprint(read_titles, item):
    item.gone_at = DONE_AT
    assert read_titles() == ["Vu en test", "Au carnet", "Nouveau test", "Clôture"]


@pytest.mark.parametrize(("done_at", "text"), [(None, "élément pas encore fait"), (DONE_AT, "élément fait")])
def test_a_closed_finding_keeps_the_sprint_of_its_item(read_steps, person, item, done_at, text):
    sprint = _put_in_sprint(item, done_at)
    close(db.session.query(Finding).one(), person)
    assert [step.title for step in read_steps()] == ["Vu en test", "Au carnet", "Sprint 1", "Clôture"]
    _check_sprint_step(read_steps()[2], sprint, done_at, text)


@pytest.mark.parametrize(("done_at", "text"), [(None, "élément pas encore fait"), (DONE_AT, "élément fait")])
def test_an_open_finding_shows_the_sprint_of_its_item(read_steps, item, done_at, text):
    sprint = _put_in_sprint(item, done_at)
    _check_sprint_step(read_steps()[2], sprint, done_at, text)


def _put_in_sprint(item, done_at):
    sprint = make.active_sprint(db.session.query(Project).one())
    item.iteration_id, item.done_at = sprint.id, done_at
    item.state = ItemState.DONE if done_at else ItemState.DOING
    return sprint


def _check_sprint_step(step, sprint, done_at, text):
    assert (step.text, step.at, step.is_done) == (text, done_at, done_at is not None)
    assert (step.url, step.note) == (f"/projects/heron/sprints/{sprint.number}", sprint.goal)
