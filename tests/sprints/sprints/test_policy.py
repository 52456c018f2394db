from datetime import date
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.clock import now
from portal.project.projects.models import Project
from portal.sprints.sprints import policy
from portal.sprints.sprints.models import Sprint

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
PLANNED = Sprint()
ACTIVE = Sprint(started_at=now())
CLOSED = Sprint(started_at=now(), closed_at=now())
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


CASES = {
    "plan": policy.can_plan,
    "edit a plan": lambda actor, project: policy.can_edit_plan(actor, project, ACTIVE),
    "start": lambda actor, project: policy.can_start(actor, project, PLANNED),
    "drop": lambda actor, project: policy.can_drop(actor, project, PLANNED),
    "close": lambda actor, project: policy.can_close(actor, project, ACTIVE),
    "edit a log": lambda actor, project: policy.can_edit_log(actor, project, CLOSED),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", CASES)
def test_only_the_team_writes_its_sprints(deed, role):
    for where in (PROJECT.id, PROJECT.programme_id):
        expected = role in TEAM and where == PROJECT.id
        assert CASES[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("role", Role)
def test_the_pace_is_for_the_team_and_its_coaches(role):
    for where in (PROJECT.id, PROJECT.programme_id):
        expected = role in TEAM | {Role.COACH} and where == PROJECT.id
        assert policy.can_see_pace(holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", CASES)
def test_nobody_writes_once_the_project_has_stopped(deed):
    assert not CASES[deed](holding(Role.TEAM_MEMBER, PROJECT.id), STOPPED)


@pytest.mark.parametrize("deed", CASES)
def test_a_member_of_another_team_writes_nothing(deed):
    assert not CASES[deed](holding(Role.TEAM_MEMBER, uuid4()), PROJECT)


@pytest.mark.parametrize(
    ("sprint", "deeds"),
    [(PLANNED, {"edit_plan", "start", "drop"}), (ACTIVE, {"edit_plan", "close"}), (CLOSED, {"edit_log"})],
)
def test_what_may_be_done_follows_the_state(sprint, deeds):
    member = holding(Role.TEAM_MEMBER, PROJECT.id)
    for deed in ("edit_plan", "start", "drop", "close", "edit_log"):
        assert getattr(policy, f"can_{deed}")(member, PROJECT, sprint) is (deed in deeds)
