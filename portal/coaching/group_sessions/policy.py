"""Who comes to a programme's collective sessions, who holds them. No other file decides this."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.coaching.group_sessions.models import Gathering
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel.access import Actor


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Programmes that the actor leads or coaches in, or one of whose projects the actor reads."""
    joined = actor.scopes_with(*programmes.PROJECT_READERS)
    around = select(Scope.parent_id).where(Scope.id.in_(joined))
    return or_(
        Programme.id.in_(actor.scopes_with(*programmes.ORGANISERS)), Programme.id.in_(around)
    )


def can_organise(actor: Actor, programme: Programme) -> bool:
    """Announce one, count who came, read what was thought of it."""
    return actor.has_role_in(*programmes.ORGANISERS, in_=programme.id)


def organises_somewhere(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.ORGANISERS))


def own_projects(actor: Actor) -> Collection[UUID]:
    """The projects on whose teams the actor is."""
    return actor.scopes_with(*programmes.TEAM)


def can_answer(
    gathering: Gathering, today: date, *, is_on_a_team: bool, has_answered: bool
) -> bool:
    """Once, from the day on: whoever is on a team of the programme."""
    return is_on_a_team and not has_answered and gathering.held_on <= today
