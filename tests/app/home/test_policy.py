from uuid import uuid4

import pytest

from portal.app.home import policy
from portal.app.home.policy import WorkplaceKind
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Actor, Role

HERE, THERE = uuid4(), uuid4()
WORKPLACES = {
    Role.TEAM_MEMBER: WorkplaceKind.TEAM,
    Role.TEAM_LEAD: WorkplaceKind.TEAM,
    Role.COACH: WorkplaceKind.COACH,
    Role.ETHICS_REVIEWER: WorkplaceKind.REVIEWER,
    Role.PROGRAMME_LEAD: WorkplaceKind.LEAD,
    Role.JUROR: WorkplaceKind.JUROR,
    Role.OPERATOR: WorkplaceKind.OPERATOR,
    Role.OBSERVER: WorkplaceKind.OBSERVER,
}


def actor(**roles: set[Role]) -> Actor:
    scopes = {"here": HERE, "there": THERE, "installation": INSTALLATION}
    return Actor(uuid4(), {scopes[name]: frozenset(held) for name, held in roles.items()})


@pytest.mark.parametrize(("role", "workplace"), WORKPLACES.items())
def test_each_role_has_one_workplace(role, workplace):
    assert policy.list_workplaces(actor(here={role})) == [workplace]


def test_administering_is_of_the_installation_only():
    assert policy.list_workplaces(actor(installation={Role.ADMINISTRATOR})) == [WorkplaceKind.ADMINISTRATOR]
    assert policy.list_workplaces(actor(here={Role.ADMINISTRATOR})) == []


def test_who_has_several_roles_lands_where_they_last_worked_as_long_as_they_may():
    both = actor(here={Role.COACH}, there={Role.TEAM_MEMBER})
    assert policy.list_workplaces(both) == [WorkplaceKind.COACH, WorkplaceKind.TEAM]
    assert policy.choose_workplace(both, None) is WorkplaceKind.COACH
    assert policy.choose_workplace(both, "team") is WorkplaceKind.TEAM
    assert policy.choose_workplace(both, "lead") is WorkplaceKind.COACH
    assert policy.choose_workplace(both, "nonsense") is WorkplaceKind.COACH


def test_no_role_at_all_has_no_workplace():
    assert policy.choose_workplace(actor(), "team") is None


@pytest.mark.parametrize("role", list(Role))
def test_documents_are_for_the_readers_of_a_portfolio(role):
    readers = {Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER}
    assert policy.can_read_programme_documents(actor(here={role})) is (role in readers)
    assert policy.is_reviewer(actor(here={role})) is (role is Role.ETHICS_REVIEWER)
