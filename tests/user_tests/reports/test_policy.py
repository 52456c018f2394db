from datetime import date
from uuid import uuid4

import pytest

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.user_tests.reports import policy
from portal.user_tests.rounds.models import TestRound
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.project_file import version

PROJECT = Project(id=uuid4(), programme_id=uuid4())
PROGRAMME = Programme(id=PROJECT.programme_id)
IN_PROJECT = {Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
def test_a_programme_s_reports_are_for_its_lead_and_its_observers(role):
    expected = role in {Role.PROGRAMME_LEAD, Role.OBSERVER}
    assert programmes.can_read_reports(holding(role, PROGRAMME.id), PROGRAMME) is expected
    for where in (PROJECT.id, uuid4()):
        assert not programmes.can_read_reports(holding(role, where), PROGRAMME)


@pytest.mark.parametrize("role", Role)
def test_a_report_leads_to_the_project_only_whom_it_lets_in(role):
    actor = holding(role, PROJECT.id)
    assert policy.can_read_project(actor, PROJECT) is (role in IN_PROJECT)
    actor = holding(role, PROGRAMME.id)
    assert policy.can_read_project(actor, PROJECT) is (role is Role.PROGRAMME_LEAD)


@pytest.mark.parametrize("role", Role)
def test_only_the_team_is_offered_to_add_what_is_missing(role):
    team = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
    assert policy.can_close_coverage_gap(holding(role, PROJECT.id), PROJECT) is (role in team)
    assert not policy.can_close_coverage_gap(holding(role, PROGRAMME.id), PROJECT)


@pytest.fixture
def rounds(app):
    """An ended round, an open one, and an ended one of another programme."""
    project = make.project(slug="heron")
    tried = version(project)
    over = tests.round_(project, tried, ended_on=date(2026, 3, 2))
    open_ = tests.round_(project, tried)
    other = make.project()
    tests.round_(other, version(other), ended_on=date(2026, 3, 2))
    return project, over, open_


def read_by(actor: Actor):
    return set(db.session.scalars(db.select(TestRound).where(policy.report_visible_to(actor))))


@pytest.mark.parametrize("role", Role)
def test_a_report_is_read_with_the_project_or_by_an_observer_once_its_round_is_over(rounds, role):
    project, over, open_ = rounds
    in_project = read_by(holding(role, project.id))
    assert in_project == ({over, open_} if role in IN_PROJECT else set())
    expected = {Role.PROGRAMME_LEAD: {over, open_}, Role.OBSERVER: {over}}
    assert read_by(holding(role, project.programme_id)) == expected.get(role, set())


def test_whoever_holds_nothing_reads_no_report(rounds):
    assert read_by(Actor(uuid4(), {})) == set()
