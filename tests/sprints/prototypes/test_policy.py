from datetime import date
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.sprints.prototypes import policy

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
CASES = {
    "write": policy.can_write,
    "change a protocol": lambda a, p: policy.can_change_protocol(a, p, has_runs=False),
    "follow a protocol": lambda a, p: policy.can_add_to_protocol(a, p, is_replaced=False),
}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", CASES)
def test_only_the_team_writes(deed, role):
    for where in (PROJECT.id, PROJECT.programme_id, uuid4()):
        expected = role in TEAM and where == PROJECT.id
        assert CASES[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", CASES)
def test_nobody_writes_once_the_project_rests(deed):
    assert not CASES[deed](holding(Role.TEAM_MEMBER, PROJECT.id), STOPPED)


def test_a_protocol_with_runs_is_never_changed_and_a_replaced_one_never_followed():
    member = holding(Role.TEAM_MEMBER, PROJECT.id)
    assert not policy.can_change_protocol(member, PROJECT, has_runs=True)
    assert not policy.can_add_to_protocol(member, PROJECT, is_replaced=True)
