from datetime import date
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.models import TestRound

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
OPEN = TestRound()
OVER = TestRound(ended_on=date(2026, 3, 2))
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
WRITING = {
    "write": policy.can_write,
    "mend a session": policy.can_correct_sessions,
    "change tasks": lambda a, p: policy.can_change_tasks(a, p, OPEN, has_sessions=False),
    "run sessions": lambda a, p: policy.can_run_sessions(a, p, OPEN),
    "end a round": lambda a, p: policy.can_end_or_reopen(a, p, OPEN, is_over=True),
    "open a round again": lambda a, p: policy.can_end_or_reopen(a, p, OVER, is_over=False),
}
PLACES = (PROJECT.id, PROJECT.programme_id, uuid4())


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", WRITING)
def test_only_the_team_plans_and_runs_tests(deed, role):
    for where in PLACES:
        expected = role in TEAM and where == PROJECT.id
        assert WRITING[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", WRITING)
def test_nobody_does_once_the_project_rests(deed):
    assert not WRITING[deed](holding(Role.TEAM_MEMBER, PROJECT.id), STOPPED)


def test_what_participants_agreed_to_holds_still_once_somebody_tried():
    member = holding(Role.TEAM_MEMBER, PROJECT.id)
    assert not policy.can_change_tasks(member, PROJECT, OPEN, has_sessions=True)
    assert not policy.can_change_tasks(member, PROJECT, OVER, has_sessions=False)


@pytest.mark.parametrize("role", Role)
def test_a_round_goes_by_its_team_and_only_while_nobody_tried(role):
    for where in PLACES:
        actor = holding(role, where)
        expected = role in TEAM and where == PROJECT.id
        assert policy.can_remove(actor, PROJECT, has_sessions=False) is expected
        assert not policy.can_remove(actor, PROJECT, has_sessions=True)
        assert not policy.can_remove(actor, STOPPED, has_sessions=False)


def test_a_round_that_is_over_takes_no_session_and_is_not_ended_again():
    member = holding(Role.TEAM_MEMBER, PROJECT.id)
    assert not policy.can_run_sessions(member, PROJECT, OVER)
    assert not policy.can_end_or_reopen(member, PROJECT, OVER, is_over=True)
    assert not policy.can_end_or_reopen(member, PROJECT, OPEN, is_over=False)
    assert policy.can_correct_sessions(member, PROJECT)


@pytest.mark.parametrize("project", [PROJECT, STOPPED])
@pytest.mark.parametrize("role", Role)
def test_a_participant_may_withdraw_whatever_the_state_of_the_project(role, project):
    for where in PLACES:
        in_team = role in TEAM and where == PROJECT.id
        leads = role is Role.PROGRAMME_LEAD and where == PROJECT.programme_id
        assert policy.can_withdraw_session(holding(role, where), project) is (in_team or leads)


@pytest.mark.parametrize("role", Role)
def test_raw_sessions_leave_with_the_team_and_its_coaches_alone(role):
    for where in PLACES:
        expected = role in TEAM | {Role.COACH} and where == PROJECT.id
        assert policy.can_export_sessions(holding(role, where), PROJECT) is expected
