from uuid import uuid4

import pytest

from portal.people.accounts import policy
from portal.people.accounts.models import OpenSession, Person
from portal.platform.kernel.access import Actor, Role

ME, OTHER = uuid4(), uuid4()
SCOPE = uuid4()


@pytest.mark.parametrize("role", Role)
def test_a_profile_is_edited_by_its_person_alone_whatever_the_role(role):
    actor = Actor(ME, {SCOPE: frozenset({role})})
    assert policy.can_edit_profile(actor, Person(id=ME))
    assert not policy.can_edit_profile(actor, Person(id=OTHER))


@pytest.mark.parametrize("role", Role)
def test_a_session_is_ended_by_its_person_alone_whatever_the_role(role):
    actor = Actor(ME, {SCOPE: frozenset({role})})
    assert policy.can_end_session(actor, OpenSession(person_id=ME))
    assert not policy.can_end_session(actor, OpenSession(person_id=OTHER))


@pytest.mark.parametrize("role", Role)
def test_administrators_choose_longer_passwords(role):
    expected = 14 if role is Role.ADMINISTRATOR else 12
    assert policy.min_password_length(Actor(ME, {SCOPE: frozenset({role})})) == expected


@pytest.mark.parametrize("role", Role)
def test_administrators_alone_manage_people(role):
    is_administrator = role is Role.ADMINISTRATOR
    actor = Actor(ME, {SCOPE: frozenset({role})})
    assert policy.can_manage_people(actor) == is_administrator
    assert policy.can_disable(actor, Person(id=OTHER)) == is_administrator
    assert not policy.can_disable(actor, Person(id=ME))
