"""Who may read, organise and rate a programme's group sessions. No other file decides this."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from portal.coaching.group_sessions.models import Gathering
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.sprints.sprints.models import UNDO_TIME


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


def can_record_attendance(actor: Actor, programme: Programme, gathering: Gathering) -> bool:
    """Say how many came, once it has begun."""
    return can_organise(actor, programme) and gathering.has_begun


def can_change(actor: Actor, programme: Programme, gathering: Gathering) -> bool:
    """Change a session that is not cancelled."""
    return can_organise(actor, programme) and gathering.cancelled_at is None


def can_cancel(actor: Actor, programme: Programme, gathering: Gathering, answer_count: int) -> bool:
    """Cancel a session of which nothing says that it was held: neither attendance nor an answer."""
    was_held = gathering.counted_at is not None or answer_count > 0
    return can_change(actor, programme, gathering) and not was_held


def can_undo_cancellation(actor: Actor, programme: Programme, gathering: Gathering) -> bool:
    """Whoever may cancel may undo it within the hour."""
    at = gathering.cancelled_at
    return at is not None and clock.now() - at <= UNDO_TIME and can_organise(actor, programme)


def can_answer_survey(gathering: Gathering, *, is_on_a_team: bool, has_answered: bool) -> bool:
    """A member of a team of the programme may answer once, as soon as the session has begun."""
    return is_on_a_team and not has_answered and gathering.has_begun
