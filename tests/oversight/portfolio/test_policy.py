from uuid import uuid4

import pytest

from portal.oversight.portfolio import policy
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROGRAMME = Programme(id=uuid4())
PROJECT = Project(id=uuid4(), programme_id=PROGRAMME.id)


def held_in(scope: Programme | Project, role: Role) -> Actor:
    return Actor(uuid4(), {scope.id: frozenset({role})})


@pytest.mark.parametrize("role", list(Role))
def test_the_readers_of_a_programme_see_all_its_teams(role):
    readers = {Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER}

    assert policy.can_see_all_teams(held_in(PROGRAMME, role), PROGRAMME) is (role in readers)
    assert not policy.can_see_all_teams(held_in(PROJECT, role), PROGRAMME)


@pytest.mark.parametrize("role", list(Role))
def test_a_team_is_read_by_its_own_people_and_the_lead_of_its_programme(role):
    people = {Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER}

    assert policy.can_read_team(held_in(PROJECT, role), PROJECT) is (role in people)
    in_programme = policy.can_read_team(held_in(PROGRAMME, role), PROJECT)
    assert in_programme is (role is Role.PROGRAMME_LEAD)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_lead_adds_a_team(role):
    lead = role is Role.PROGRAMME_LEAD

    assert policy.can_create_team(held_in(PROGRAMME, role), PROGRAMME) is lead
