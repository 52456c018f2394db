from datetime import date
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.project.framing import policy
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
def test_only_the_team_writes_its_framing(role):
    for where in (PROJECT.id, PROJECT.programme_id, uuid4()):
        expected = role in TEAM and where == PROJECT.id
        assert policy.can_write(holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("ended", ["paused_on", "finished_on", "stopped_on"])
def test_nobody_writes_once_the_project_rests(ended):
    resting = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, **{ended: date(2026, 3, 2)})
    assert not policy.can_write(holding(Role.TEAM_MEMBER, PROJECT.id), resting)
