"""Who may read, organise and rate a programme's group sessions. No other file decides this."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.coaching.group_sessions.models import Gathering
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel.access import Actor


def visible_programmes_condition(actor: Actor) -> ColumnElement[bool]:
    """Programmes that the actor leads or coaches in, or one of whose projects the actor reads."""
    project_ids = actor.scopes_with(*programmes.PROJECT_READERS)
    programme_ids = select(Scope.parent_id).where(Scope.id.in_(project_ids))
    is_organised = Programme.id.in_(actor.scopes_with(*programmes.ORGANISERS))
    return or_(is_organised, Programme.id.in_(programme_ids))


def can_organise(actor: Actor, programme: Programme) -> bool:
    """Announce sessions, record attendance, read the survey."""
    return actor.has_role_in(*programmes.ORGANISERS, in_=programme.id)


def organises_somewhere(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.ORGANISERS))


def own_team_project_ids(actor: Actor) -> Collection[UUID]:
    """Ids of the projects whose team the actor belongs to."""
    return actor.scopes_with(*programmes.TEAM)


def can_answer_survey(gathering: Gathering, today: date, *, is_on_a_team: bool, has_answered: bool) -> bool:
    """A member of a team of the programme may answer once, from the session's day on."""
    return is_on_a_team and not has_answered and gathering.held_on <= today
