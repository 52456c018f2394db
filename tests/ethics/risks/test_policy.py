from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.ethics.risks import policy
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
OPEN = Risk(likelihood=2, severity=2)
HIGH = Risk(likelihood=4, severity=3)
REDUCED = Risk(likelihood=4, severity=3, residual_likelihood=1, residual_severity=3)
CLOSED = Risk(likelihood=2, severity=2, closed_at=datetime(2026, 3, 2, tzinfo=UTC))
PLANNED = Mitigation(progress=MitigationState.PLANNED)
UNDER_WAY = Mitigation(progress=MitigationState.UNDER_WAY)
IN_PLACE = Mitigation(progress=MitigationState.IN_PLACE)
DROPPED = Mitigation(progress=MitigationState.DROPPED)
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
WRITING = {
    "write": policy.can_write,
    "change": lambda a, p: policy.can_change(a, p, OPEN),
    "close what is not high": lambda a, p: policy.can_close(a, p, OPEN),
    "close what was high": lambda a, p: policy.can_close(a, p, REDUCED),
    "reopen": lambda a, p: policy.can_reopen(a, p, CLOSED),
    "begin": lambda a, p: policy.can_begin_mitigation(a, p, OPEN, PLANNED),
    "follow": lambda a, p: policy.can_change_mitigation(a, p, OPEN, UNDER_WAY),
    "resume": lambda a, p: policy.can_resume_mitigation(a, p, OPEN, IN_PLACE),
}
PLACES = (PROJECT.id, PROJECT.programme_id, uuid4())


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


MEMBER = holding(Role.TEAM_MEMBER, PROJECT.id)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", WRITING)
def test_risks_are_the_teams(deed, role):
    for where in PLACES:
        expected = role in TEAM and where == PROJECT.id
        assert WRITING[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", WRITING)
def test_nobody_writes_once_the_project_rests(deed):
    assert not WRITING[deed](MEMBER, STOPPED)


@pytest.mark.parametrize("role", Role)
def test_who_carries_the_project_closes_what_is_high(role):
    for where in PLACES:
        expected = role is Role.TEAM_LEAD and where == PROJECT.id
        assert policy.can_close(holding(role, where), PROJECT, HIGH) is expected


def test_what_is_closed_is_reopened_first():
    assert not policy.can_change(MEMBER, PROJECT, CLOSED)
    assert not policy.can_close(MEMBER, PROJECT, CLOSED)
    assert not policy.can_change_mitigation(MEMBER, PROJECT, CLOSED, PLANNED)
    assert not policy.can_resume_mitigation(MEMBER, PROJECT, CLOSED, DROPPED)
    assert not policy.can_reopen(MEMBER, PROJECT, OPEN)


def test_a_mitigation_is_begun_once_and_resumed_after_its_end():
    assert not policy.can_begin_mitigation(MEMBER, PROJECT, OPEN, UNDER_WAY)
    assert not policy.can_change_mitigation(MEMBER, PROJECT, OPEN, DROPPED)
    assert policy.can_resume_mitigation(MEMBER, PROJECT, OPEN, DROPPED)
    assert not policy.can_resume_mitigation(MEMBER, PROJECT, OPEN, UNDER_WAY)
