from uuid import uuid4

import pytest

from portal.people.programmes import policy
from portal.people.programmes.models import (
    INSTALLATION,
    Invitation,
    Programme,
    RoleAssignment,
    Scope,
    ScopeKind,
)
from portal.platform.kernel.access import Actor, Role

TEAM = (Role.TEAM_MEMBER, Role.TEAM_LEAD)
IN_PROJECT = {*TEAM, Role.COACH, Role.ETHICS_REVIEWER}
PROGRAMME = Programme(id=uuid4())
HOUSE = Scope(id=INSTALLATION, kind=ScopeKind.INSTALLATION)
WHOLE = Scope(id=PROGRAMME.id, kind=ScopeKind.PROGRAMME, parent_id=INSTALLATION)
TEAMS = Scope(id=uuid4(), kind=ScopeKind.PROJECT, parent_id=PROGRAMME.id)
PLACES = (HOUSE.id, WHOLE.id, TEAMS.id, uuid4())


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


def everyone():
    """Return actors with every role in every kind of scope."""
    return [(role, where) for role in Role for where in PLACES]


@pytest.mark.parametrize(("role", "where"), everyone())
def test_the_installation_is_the_administrators_alone(role, where):
    expected = (role, where) == (Role.ADMINISTRATOR, HOUSE.id)
    actor = holding(role, where)
    assert policy.can_administer(actor) is expected
    assert policy.can_create_programme(actor) is expected


@pytest.mark.parametrize(("role", "where"), everyone())
def test_a_programme_is_led_by_its_leads_and_edited_by_administrators_too(role, where):
    actor = holding(role, where)
    leads = (role, where) == (Role.PROGRAMME_LEAD, WHOLE.id)
    administers = (role, where) == (Role.ADMINISTRATOR, HOUSE.id)
    assert policy.can_lead(actor, PROGRAMME) is leads
    assert policy.can_edit_programme(actor, PROGRAMME) is (leads or administers)
    assert policy.can_see_people(actor, PROGRAMME) is (leads or administers)


@pytest.mark.parametrize(("role", "where"), everyone())
def test_a_project_is_read_by_who_holds_a_role_in_it_and_by_its_programmes_leads(role, where):
    in_it = role in IN_PROJECT and where == TEAMS.id
    leads = (role, where) == (Role.PROGRAMME_LEAD, WHOLE.id)
    assert policy.can_read_project(holding(role, where), TEAMS) is (in_it or leads)


@pytest.mark.parametrize(("role", "where"), everyone())
def test_whom_one_may_bring_in_and_where(role, where):
    actor = holding(role, where)
    administers = (role, where) == (Role.ADMINISTRATOR, HOUSE.id)
    leads = (role, where) == (Role.PROGRAMME_LEAD, WHOLE.id)
    leads_team = (role, where) == (Role.TEAM_LEAD, TEAMS.id)
    by_lead = {Role.COACH, Role.ETHICS_REVIEWER, Role.JUROR, Role.OPERATOR, Role.OBSERVER}
    in_programme = by_lead if leads else {Role.PROGRAMME_LEAD} if administers else set()
    expected = {
        HOUSE: {Role.ADMINISTRATOR} if administers else set(),
        WHOLE: in_programme,
        TEAMS: set(TEAM) if leads or leads_team else set(),
    }
    for scope, roles in expected.items():
        assert set(policy.roles_to_invite(actor, scope)) == roles
        for offered in Role:
            assert policy.can_invite(actor, scope, offered) is (offered in roles)
            assert policy.can_revoke_invitation(actor, scope, Invitation(role=offered)) is (offered in roles)


@pytest.mark.parametrize(("role", "where"), everyone())
def test_programme_leads_alone_assign_coaches_and_reviewers_to_projects(role, where):
    leads = (role, where) == (Role.PROGRAMME_LEAD, WHOLE.id)
    actor = holding(role, where)
    for given in Role:
        expected = leads and given in {Role.COACH, Role.ETHICS_REVIEWER}
        assert policy.can_assign_from_pool(actor, TEAMS, given) is expected
        assert not policy.can_assign_from_pool(actor, WHOLE, given)
        assert not policy.can_assign_from_pool(actor, HOUSE, given)


@pytest.mark.parametrize(("role", "where"), everyone())
def test_whoever_may_give_a_role_or_administers_may_take_it_back_and_nobody_else(role, where):
    actor = holding(role, where)
    administers = policy.can_administer(actor)
    for scope in (HOUSE, WHOLE, TEAMS):
        for held in Role:
            may_give = policy.can_invite(actor, scope, held) or policy.can_assign_from_pool(
                actor, scope, held
            )
            assert policy.can_end_role(actor, scope, RoleAssignment(role=held)) is (may_give or administers)


def test_the_installations_keys_are_given_to_the_address_invited_alone():
    assert {role for role in Role if policy.is_role_for_invited_address_only(role)} == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("held", Role)
@pytest.mark.parametrize("wanted", Role)
def test_team_coach_and_reviewer_of_one_project_are_kept_apart(held, wanted):
    side = {Role.TEAM_MEMBER: 1, Role.TEAM_LEAD: 1, Role.COACH: 2, Role.ETHICS_REVIEWER: 3}
    expected = held in side and wanted in side and side[held] != side[wanted]
    assert policy.breaks_independence(frozenset({held}), wanted) is expected


@pytest.mark.parametrize("role", Role)
def test_an_administrator_to_be_chooses_a_longer_password(role):
    assert policy.min_password_length_for(role) == (14 if role is Role.ADMINISTRATOR else 12)


def test_every_role_has_a_name():
    assert set(policy.ROLE_LABELS) == set(Role)


def test_a_second_role_is_one_beside_another_of_the_same_team():
    member, lead, coach = Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH
    assert policy.list_already_held_team_roles(frozenset({member}), lead) == {member}
    assert policy.list_already_held_team_roles(frozenset({lead}), member) == {lead}
    assert policy.list_already_held_team_roles(frozenset(), lead) == frozenset()
    assert policy.list_already_held_team_roles(frozenset({coach}), coach) == frozenset()
