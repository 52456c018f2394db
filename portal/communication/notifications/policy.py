"""Who may receive which notifications, and the defaults of each audience."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_

from portal.collaboration.discussions import policy as discussions
from portal.communication.notifications.models import Notification
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role

LEADS = (Role.PROGRAMME_LEAD,)
TEAM_LEADS = (Role.TEAM_LEAD,)


class NotificationAudience(StrEnum):
    """A person's relation to the scope of an event."""

    TEAM = "team"
    COACH = "coach"
    REVIEWER = "reviewer"
    LEAD = "lead"  # of the programme, or any other role


IMMEDIATE_MAILS_BY_AUDIENCE = {NotificationAudience.COACH: 3}  # immediate mails a day
IMMEDIATE_MAILS_DEFAULT = 1


def scope_reached_condition(person_id: Any, scope_id: Any, around_id: Any) -> ColumnElement[bool]:
    """Whether a person has a role in a scope or leads its parent `around_id`; always without a scope.

    Evaluated by the statements that insert and count notifications.
    """
    in_scope = RoleAssignment.scope_id == scope_id
    leads = and_(RoleAssignment.scope_id == around_id, RoleAssignment.role.in_(LEADS))
    has_role = exists().where(RoleAssignment.person_id == person_id, or_(in_scope, leads))
    return or_(scope_id.is_(None), has_role)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The actor's own notifications of scopes that they still see."""
    columns = Notification.__table__.c
    scope_id = columns.scope_id
    has_role = scope_id.in_(actor.scopes_with(*Role))
    return and_(
        columns.person_id == actor.person_id,
        or_(scope_id.is_(None), has_role, programmes.project_read_condition(actor, scope_id)),
    )


_scope_id = Notification.__table__.c.scope_id
# The condition of `visible_to` on scopes for statements of a module, and the parameters it binds.
VISIBLE = or_(
    _scope_id.is_(None),
    _scope_id.in_(bindparam("scopes_held", expanding=True)),
    programmes.precompiled_project_read_condition(_scope_id),
)


def visibility_parameters(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    """The parameters of `VISIBLE` for an actor."""
    return {"scopes_held": actor.scopes_with(*Role), **programmes.project_read_parameters(actor)}


def can_see(actor: Actor, notification: Notification) -> bool:
    """The same for a loaded notification."""
    if notification.person_id != actor.person_id:
        return False
    scope_id, parent_id = notification.scope_id, notification.around_id
    if scope_id is None or actor.roles.get(scope_id):
        return True
    return parent_id is not None and actor.has_role_in(*LEADS, in_=parent_id)


def audience_in(actor: Actor, scope_id: UUID | None) -> NotificationAudience:
    """The actor's audience in a scope: team before coach before reviewer, else lead."""
    if scope_id is not None:
        if actor.has_role_in(*programmes.TEAM, in_=scope_id):
            return NotificationAudience.TEAM
        if actor.has_role_in(*programmes.COACHES, in_=scope_id):
            return NotificationAudience.COACH
        if actor.has_role_in(*programmes.REVIEWERS, in_=scope_id):
            return NotificationAudience.REVIEWER
    return NotificationAudience.LEAD


def audience_over_all_scopes(actor: Actor) -> NotificationAudience:
    """The actor's audience over all scopes, for default preferences: lead before coach before team
    before reviewer."""
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


def default_immediate_mail_limit(actor: Actor) -> int:
    """The default daily limit of immediate mails."""
    return IMMEDIATE_MAILS_BY_AUDIENCE.get(audience_over_all_scopes(actor), IMMEDIATE_MAILS_DEFAULT)


def is_mentionable(actor: Actor) -> bool:
    """Whether somebody may mention the actor somewhere, or answer them."""
    return bool(actor.scopes_with(*discussions.DISCUSSION_READERS))
