from uuid import uuid4

import pytest

from portal.app.home import policy
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Actor, Role

HERE, THERE = uuid4(), uuid4()
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
READERS = {Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER}


def actor(**roles: set[Role]) -> Actor:
    scopes = {"here": HERE, "there": THERE, "installation": INSTALLATION}
    return Actor(uuid4(), {scopes[name]: frozenset(held) for name, held in roles.items()})


@pytest.mark.parametrize("role", list(Role))
def test_one_role_in_one_place_lands_there_or_at_home(role):
    someone = actor(here={role})

    assert policy.find_only_project(someone) == (HERE if role in TEAM else None)
    assert policy.find_only_portfolio(someone) == (HERE if role in READERS else None)


@pytest.mark.parametrize(
    "roles",
    [
        {},
        {"here": {Role.TEAM_MEMBER}, "there": {Role.TEAM_MEMBER}},
        {"here": {Role.PROGRAMME_LEAD}, "there": {Role.OBSERVER}},
        {"here": {Role.OBSERVER, Role.JUROR}},
        {"here": {Role.TEAM_LEAD}, "installation": {Role.ADMINISTRATOR}},
    ],
)
def test_any_other_role_or_place_means_a_choice_at_home(roles):
    someone = actor(**roles)

    assert policy.find_only_project(someone) is None
    assert policy.find_only_portfolio(someone) is None


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_sections(role):
    someone = actor(here={role})

    assert policy.is_on_team(someone) is (role in TEAM)
    assert policy.reads_portfolio(someone) is (role in READERS)
    assert policy.is_coach(someone) is (role is Role.COACH)
    assert policy.is_reviewer(someone) is (role is Role.ETHICS_REVIEWER)
    assert policy.is_juror(someone) is (role is Role.JUROR)
    assert policy.can_answer_help_requests(someone) is (role in {Role.COACH, Role.PROGRAMME_LEAD})
    assert policy.has_role(someone)


def test_no_role_at_all():
    assert not policy.has_role(actor())


def test_administering_is_of_the_installation_only():
    assert policy.can_administer(actor(installation={Role.ADMINISTRATOR}))
    assert not policy.can_administer(actor(here={Role.ADMINISTRATOR}))


def test_a_home_is_for_those_who_have_several_places_or_none():
    assert policy.has_home(actor())
    assert policy.has_home(actor(here={Role.COACH}))
    assert policy.has_home(actor(here={Role.TEAM_MEMBER}, there={Role.TEAM_MEMBER}))
    assert not policy.has_home(actor(here={Role.TEAM_MEMBER}))
    assert not policy.has_home(actor(here={Role.OBSERVER}))
