from datetime import date
from uuid import uuid4

import pytest

from portal.ethics.transparency import policy
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
PLACES = (PROJECT.id, PROJECT.programme_id, uuid4())
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
def test_the_team_writes_its_lead_publishes_both_leads_withdraw(role):
    for where in PLACES:
        someone = holding(role, where)
        here = where == PROJECT.id
        leads = role is Role.TEAM_LEAD and here
        programme = role is Role.PROGRAMME_LEAD and where == PROJECT.programme_id
        assert policy.can_write(someone, PROJECT) is (role in TEAM and here)
        assert policy.can_publish(someone, PROJECT) is leads
        assert policy.may_publish(someone, STOPPED) is leads
        assert policy.can_withdraw(someone, PROJECT) is (leads or programme)
        assert policy.can_withdraw(someone, STOPPED) is (leads or programme)


def test_a_project_that_rests_publishes_nothing_more():
    lead = holding(Role.TEAM_LEAD, PROJECT.id)
    assert not policy.can_publish(lead, STOPPED)
    assert not policy.can_write(lead, STOPPED)
