from datetime import date
from uuid import uuid4

import pytest

from portal.ethics.readiness_sheets import policy
from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
CASES = {"begin": policy.can_begin, "fill": lambda actor, project: policy.can_fill(actor, project, Sheet())}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", CASES)
def test_only_the_team_writes_and_only_while_it_works(deed, role):
    for where in (PROJECT.id, PROJECT.programme_id, uuid4()):
        actor = Actor(uuid4(), {where: frozenset({role})})
        assert CASES[deed](actor, PROJECT) is (role in TEAM and where == PROJECT.id)
        assert not CASES[deed](actor, STOPPED)


def test_a_complete_sheet_is_filled_by_nobody():
    member = Actor(uuid4(), {PROJECT.id: frozenset({Role.TEAM_MEMBER})})
    assert not policy.can_fill(member, PROJECT, Sheet(completed_on=date(2026, 3, 2)))
