from datetime import date
from uuid import uuid4

import pytest

from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy
from portal.project.projects.models import Project

PROGRAMME = Programme(id=uuid4())
PROJECT = Project(id=uuid4(), programme_id=PROGRAMME.id)
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
PLACES = (PROJECT.id, PROGRAMME.id, INSTALLATION, uuid4())
EVERYONE = [(role, where) for role in Role for where in PLACES]


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


def leads(role, where) -> bool:
    return (role, where) == (Role.PROGRAMME_LEAD, PROGRAMME.id)


def leads_team(role, where) -> bool:
    return (role, where) == (Role.TEAM_LEAD, PROJECT.id)


@pytest.mark.parametrize(("role", "where"), EVERYONE)
def test_the_programmes_lead_creates_assigns_and_decides(role, where):
    actor, expected = holding(role, where), leads(role, where)
    assert policy.can_create(actor, PROGRAMME) is expected
    assert policy.can_lead_programme(actor, PROJECT) is expected
    assert policy.can_assign_coaches_and_tracks(actor, PROJECT) is expected
    assert policy.can_change_state(actor, PROJECT) is expected


@pytest.mark.parametrize(("role", "where"), EVERYONE)
def test_the_team_and_the_programmes_lead_edit_the_file(role, where):
    expected = (role in TEAM and where == PROJECT.id) or leads(role, where)
    assert policy.can_edit(holding(role, where), PROJECT) is expected


@pytest.mark.parametrize(("role", "where"), EVERYONE)
def test_the_teams_lead_and_the_programmes_lead_invite_and_set_shares(role, where):
    actor = holding(role, where)
    expected = leads(role, where) or leads_team(role, where)
    assert policy.can_lead_team(actor, PROJECT) is leads_team(role, where)
    assert policy.can_invite(actor, PROJECT) is expected
    for held in Role:
        here = RoleAssignment(scope_id=PROJECT.id, role=held)
        elsewhere = RoleAssignment(scope_id=uuid4(), role=held)
        assert policy.can_set_time_share(actor, PROJECT, here) is (expected and held in TEAM)
        assert not policy.can_set_time_share(actor, PROJECT, elsewhere)


@pytest.mark.parametrize(("role", "where"), EVERYONE)
def test_the_team_works_while_the_project_goes_on(role, where):
    actor = holding(role, where)
    assert policy.can_write_team_work(actor, PROJECT) is (role in TEAM and where == PROJECT.id)
    for ended in ("paused_on", "stopped_on", "finished_on"):
        over = Project(id=PROJECT.id, programme_id=PROGRAMME.id, **{ended: date(2026, 3, 2)})
        assert not policy.can_write_team_work(actor, over)


@pytest.mark.parametrize(("role", "where"), EVERYONE)
@pytest.mark.parametrize("ended", ["paused_on", "stopped_on", "finished_on"])
def test_a_project_that_rests_takes_nothing_more_from_its_team(role, where, ended):
    actor = holding(role, where)
    over = Project(id=PROJECT.id, programme_id=PROGRAMME.id, **{ended: date(2026, 3, 2)})
    share = RoleAssignment(scope_id=PROJECT.id, role=Role.TEAM_MEMBER)
    assert not policy.is_project_active(over)
    assert not policy.can_invite(actor, over)
    assert policy.can_edit(actor, over) is leads(role, where)
    assert policy.can_set_time_share(actor, over, share) is leads(role, where)
    either = leads(role, where) or leads_team(role, where)
    assert policy.can_withdraw_invitation(actor, over) is either
    assert policy.may_set_share_in_some_state(actor, over, share) is either
    in_team = role in TEAM and where == PROJECT.id
    assert policy.may_edit_in_some_state(actor, over) is (in_team or leads(role, where))


@pytest.mark.parametrize("role", Role)
def test_a_project_is_carried_by_its_teams_lead(role):
    assert policy.is_team_lead_role(role) is (role is Role.TEAM_LEAD)
