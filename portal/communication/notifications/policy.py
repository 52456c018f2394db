"""Who may be told what, and how each audience is told unless it says otherwise."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_

from portal.communication.notifications.models import Notification
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role

LEADS = (Role.PROGRAMME_LEAD,)
TEAM_LEADS = (Role.TEAM_LEAD,)  # whoever carries a project for its team


class NotificationAudience(StrEnum):
    """What somebody is to the place where a thing happened."""

    TEAM = "team"
    COACH = "coach"
    REVIEWER = "reviewer"
    LEAD = "lead"  # of the programme, or whoever else has a role there


IMMEDIATE_MAILS_BY_AUDIENCE = {NotificationAudience.COACH: 3}  # mails a day that leave at once
IMMEDIATE_MAILS_DEFAULT = 1


def is_reached(person_id: Any, scope_id: Any, around_id: Any) -> ColumnElement[bool]:
    """Whether somebody holds a role where it happened, or leads what is around.

    Asked when a notification is written, in the statement that writes it, and when it is counted.
    """
    there = RoleAssignment.scope_id == scope_id
    leads = and_(RoleAssignment.scope_id == around_id, RoleAssignment.role.in_(LEADS))
    return exists().where(RoleAssignment.person_id == person_id, or_(there, leads))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """One's own, of places that one still sees."""
    n = Notification.__table__.c
    own = actor.scopes_with(*Role)
    return and_(
        n.person_id == actor.person_id,
        or_(n.scope_id.is_(None), n.scope_id.in_(own), programmes.reads_project(actor, n.scope_id)),
    )


def can_see(actor: Actor, notification: Notification) -> bool:
    """The same question about one that was read already."""
    if notification.person_id != actor.person_id:
        return False
    scope, around = notification.scope_id, notification.around_id
    if scope is None or actor.roles.get(scope):
        return True
    return around is not None and actor.has_role_in(*LEADS, in_=around)


def audience_in(actor: Actor, scope_id: UUID | None) -> NotificationAudience:
    """What the person is there; the nearest role first."""
    if scope_id is not None:
        if actor.has_role_in(*programmes.TEAM, in_=scope_id):
            return NotificationAudience.TEAM
        if actor.has_role_in(*programmes.COACHES, in_=scope_id):
            return NotificationAudience.COACH
        if actor.has_role_in(*programmes.REVIEWERS, in_=scope_id):
            return NotificationAudience.REVIEWER
    return NotificationAudience.LEAD


def audience_of(actor: Actor) -> NotificationAudience:
    """What the person mostly is: for the page of preferences, and how much leaves at once."""
    if actor.scopes_with(*LEADS):
        return NotificationAudience.LEAD
    for roles, audience in (
        (programmes.COACHES, NotificationAudience.COACH),
        (programmes.TEAM, NotificationAudience.TEAM),
        (programmes.REVIEWERS, NotificationAudience.REVIEWER),
    ):
        if actor.scopes_with(*roles):
            return audience
    return NotificationAudience.LEAD


def immediate_mails_per_day(actor: Actor) -> int:
    """Mails that leave at once in a day, where the person said nothing."""
    return IMMEDIATE_MAILS_BY_AUDIENCE.get(audience_of(actor), IMMEDIATE_MAILS_DEFAULT)
