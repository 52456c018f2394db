import pytest

from portal.communication.directory import policy
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, RoleAssignment, Scope, ScopeKind
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.identifiers import new_id

PROJECT = Scope(id=new_id(), kind=ScopeKind.PROJECT, parent_id=new_id())
ADA = Person(id=new_id(), name="Ada")


def actor(role: Role, where=INSTALLATION) -> Actor:
    return Actor(new_id(), {where: frozenset({role})})


@pytest.mark.parametrize("role", Role)
def test_the_directory_is_the_administrators_alone(role):
    is_administrator = role is Role.ADMINISTRATOR
    assert policy.can_open_directory(actor(role)) is is_administrator
    assert policy.can_close_account(actor(role), ADA) is is_administrator
    assert policy.can_make_administrator(actor(role)) is is_administrator
    assert policy.is_administrator_role(role) is is_administrator


def test_nobody_closes_their_own_account():
    me = actor(Role.ADMINISTRATOR)
    assert not policy.can_close_account(me, Person(id=me.person_id, name="Moi"))


@pytest.mark.parametrize("held", Role)
def test_an_administrator_ends_any_role(held):
    assignment = RoleAssignment(scope_id=PROJECT.id, role=held)
    assert policy.can_end_role(actor(Role.ADMINISTRATOR), PROJECT, assignment)
    assert not policy.can_end_role(actor(Role.TEAM_MEMBER, PROJECT.id), PROJECT, assignment)
