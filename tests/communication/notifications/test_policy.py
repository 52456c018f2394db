"""Who may see a notification, and the audience of a person in a scope."""

import pytest

from portal.communication.notifications import policy
from portal.communication.notifications.models import Notification
from portal.communication.notifications.policy import NotificationAudience
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.identifiers import new_id

PROJECT, PROGRAMME, ME = new_id(), new_id(), new_id()


def actor(role=None, where=PROJECT):
    return Actor(ME, {where: frozenset({role})} if role else {})


def row(**given):
    usual = {"person_id": ME, "scope_id": PROJECT, "around_id": PROGRAMME}
    return Notification(**usual | given)


def test_one_sees_ones_own_while_one_sees_the_place():
    assert policy.can_see(actor(Role.TEAM_MEMBER), row())
    assert policy.can_see(actor(Role.PROGRAMME_LEAD, PROGRAMME), row())
    assert policy.can_see(actor(), row(scope_id=None))
    assert not policy.can_see(actor(), row())
    assert not policy.can_see(actor(Role.OBSERVER, PROGRAMME), row())
    assert not policy.can_see(actor(Role.TEAM_MEMBER), row(person_id=new_id()))


@pytest.mark.parametrize(
    ("role", "where", "audience", "at_once"),
    [
        (Role.TEAM_LEAD, PROJECT, NotificationAudience.TEAM, 1),
        (Role.COACH, PROJECT, NotificationAudience.COACH, 3),
        (Role.ETHICS_REVIEWER, PROJECT, NotificationAudience.REVIEWER, 1),
        (Role.PROGRAMME_LEAD, PROGRAMME, NotificationAudience.LEAD, 1),
    ],
)
def test_what_somebody_is_there(role, where, audience, at_once):
    assert policy.audience_in(actor(role, where), PROJECT) is audience
    assert policy.audience_over_all_scopes(actor(role, where)) is audience
    assert policy.default_immediate_mail_limit(actor(role, where)) == at_once
