"""What a person does with their notifications. They are theirs alone: the trail is not told."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.discussions.models import Comment
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import aside, db, write
from portal.notifications import queries
from portal.notifications.models import Mute, Notification

log = structlog.get_logger("portal")


def mark_group_read(actor: Actor, group_id: UUID) -> None:
    write(_read(Notification.person_id == actor.person_id, Notification.group_id == group_id), {})


def mark_all_read(actor: Actor, up_to: datetime) -> int:
    """All that had been written by the moment the inbox was shown; how many."""
    mine = Notification.person_id == actor.person_id, Notification.created_at <= up_to
    return write(_read(*mine), {}).rowcount


def see(actor: Actor, row: Notification) -> None:
    """A reader goes where a notification leads: what stands with it is read too."""
    mine = Notification.person_id == actor.person_id, Notification.group_id == row.group_id
    _aside(_read(*mine, Notification.created_at <= row.created_at))


def see_discussion(actor: Actor, discussion_id: UUID, up_to: datetime) -> None:
    """The same for whoever reads a discussion on its own page, up to a comment."""
    said = sa.select(Comment.id).where(
        Comment.discussion_id == discussion_id, Comment.created_at <= up_to
    )
    mine = Notification.person_id == actor.person_id, Notification.subject_id.in_(said)
    _aside(_read(*mine))


def _aside(mark: sa.Update) -> None:
    """In a transaction of its own: reading writes nothing else, and a busy database forgoes it."""
    try:
        with aside() as session:
            session.execute(mark)
    except (OperationalError, PoolTimeout) as busy:
        log.warning("notifications not marked", kind=type(busy).__name__)


def _read(*which: sa.ColumnElement[bool]) -> sa.Update:
    unread = sa.update(Notification).where(*which, Notification.read_at.is_(None))
    return unread.values(read_at=clock.now())


def mute_group(actor: Actor, group_id: UUID) -> None:
    """Hear no more of one thing, unless somebody speaks to the actor by name. What waits for a mail
    stays in the inbox alone: it is asked when the mail is written."""
    row = queries.get_in_group(actor, group_id)
    _mute(actor, group_id, row.scope_id)


def mute_place(actor: Actor, scope_id: UUID) -> None:
    """The same of a whole project, which the caller was already allowed to see."""
    _mute(actor, scope_id, scope_id)


def _mute(actor: Actor, about_id: UUID, scope_id: UUID | None) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {
        "person_id": actor.person_id,
        "about_id": about_id,
        "scope_id": scope_id,
        "created_at": clock.now(),
    }
    write(insert(Mute).on_conflict_do_nothing(), row)


def unmute(actor: Actor, about_id: UUID) -> None:
    mine = Mute.person_id == actor.person_id, Mute.about_id == about_id
    write(sa.delete(Mute).where(*mine), {})


def settle_all(read_before: datetime) -> None:
    """For facts that are loaded after the fact: no mail tells them, and older ones were read."""
    now = clock.now()
    waiting = sa.update(Notification).where(Notification.settled_at.is_(None))
    write(waiting.values(settled_at=now), {})
    write(_read(Notification.created_at < read_before), {})


def clear_old(before: datetime) -> int:
    """A chore of the worker: what is older than a moment is forgotten; how many."""
    old = sa.delete(Notification).where(Notification.created_at < before)
    with aside() as session:
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount
