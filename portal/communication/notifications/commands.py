"""What a person does with their notifications. They are theirs alone: the trail is not told."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.collaboration.discussions.models import Comment
from portal.communication.notifications import queries
from portal.communication.notifications.models import Mute, Notification
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, execute_write, separate_transaction

log = structlog.get_logger("portal")


def mark_group_read(actor: Actor, group_id: UUID) -> None:
    execute_write(
        _mark_read_statement(
            Notification.person_id == actor.person_id, Notification.group_id == group_id
        ),
        {},
    )


def mark_all_read(actor: Actor, up_to: datetime) -> int:
    """All that had been written by the moment the inbox was shown; how many."""
    written_before = Notification.person_id == actor.person_id, Notification.created_at <= up_to
    return execute_write(_mark_read_statement(*written_before), {}).rowcount


def mark_seen_with_group(actor: Actor, row: Notification) -> None:
    """A reader goes where a notification leads: what stands with it is read too."""
    same_group = Notification.person_id == actor.person_id, Notification.group_id == row.group_id
    _execute_aside(_mark_read_statement(*same_group, Notification.created_at <= row.created_at))


def mark_discussion_read(actor: Actor, discussion_id: UUID, up_to: datetime) -> None:
    """The same for whoever reads a discussion on its own page, up to a comment."""
    comment_ids = sa.select(Comment.id).where(
        Comment.discussion_id == discussion_id, Comment.created_at <= up_to
    )
    about_comments = (
        Notification.person_id == actor.person_id,
        Notification.subject_id.in_(comment_ids),
    )
    _execute_aside(_mark_read_statement(*about_comments))


def _execute_aside(mark: sa.Update) -> None:
    """In a transaction of its own: reading writes nothing else, and a busy database forgoes it."""
    try:
        with separate_transaction() as session:
            session.execute(mark)
    except (OperationalError, PoolTimeout) as busy:
        log.warning("notifications not marked", kind=type(busy).__name__)


def _mark_read_statement(*which: sa.ColumnElement[bool]) -> sa.Update:
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
    execute_write(insert(Mute).on_conflict_do_nothing(), row)


def unmute(actor: Actor, about_id: UUID) -> None:
    same_subject = Mute.person_id == actor.person_id, Mute.about_id == about_id
    execute_write(sa.delete(Mute).where(*same_subject), {})


def skip_pending_mails(read_before: datetime) -> None:
    """For facts that are loaded after the fact: no mail tells them, and older ones were read."""
    now = clock.now()
    waiting = sa.update(Notification).where(Notification.settled_at.is_(None))
    execute_write(waiting.values(settled_at=now), {})
    execute_write(_mark_read_statement(Notification.created_at < read_before), {})


def delete_notifications_before(before: datetime) -> int:
    """A chore of the worker: what is older than a moment is forgotten; how many."""
    old = sa.delete(Notification).where(Notification.created_at < before)
    with separate_transaction() as session:
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount
