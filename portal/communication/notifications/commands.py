"""Mark notifications as read; mute and unmute. Personal, so not recorded in the audit trail."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.collaboration.discussions.commands import mark_discussions_read
from portal.collaboration.discussions.models import Comment
from portal.communication.notifications import queries
from portal.communication.notifications.models import Mute, Notification
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, execute_write
from portal.platform.kernel.marks import write_mark_or_skip


def mark_group_read(actor: Actor, group_id: UUID) -> None:
    """Mark a group as read, and the messages that it is about."""
    _mark_notifications_read(actor, Notification.group_id == group_id)


def mark_all_read(actor: Actor, up_to: datetime) -> int:
    """Mark all notifications written up to a moment as read; returns how many groups these are."""
    return _count_groups_marked(actor, Notification.created_at <= up_to)


def mark_scope_read(actor: Actor, scope_id: UUID | None, up_to: datetime) -> int:
    """The same for those of one scope, or of none."""
    in_scope = Notification.scope_id.is_not_distinct_from(scope_id)
    return _count_groups_marked(actor, Notification.created_at <= up_to, in_scope)


def _count_groups_marked(actor: Actor, *conditions: sa.ColumnElement[bool]) -> int:
    unread = queries.count_unread_groups(actor)
    _mark_notifications_read(actor, *conditions)
    return unread - queries.count_unread_groups(actor)


def _mark_notifications_read(actor: Actor, *conditions: sa.ColumnElement[bool]) -> None:
    """Mark notifications of the actor as read, and the discussions of those that are about a message
    up to it."""
    own = Notification.person_id == actor.person_id, *conditions
    messages = (
        sa.select(Comment.discussion_id, sa.func.max(Comment.created_at))
        .join(Notification, Notification.subject_id == Comment.id)
        .where(*own, Notification.read_at.is_(None))
        .group_by(Comment.discussion_id)
    )
    mark_discussions_read(actor, {row[0]: row[1] for row in db.session.execute(messages)})
    execute_write(_build_mark_read_statement(*own), {})


def mark_group_read_up_to(actor: Actor, row: Notification) -> None:
    """Mark a notification and the earlier ones of its group as read, when its link is followed."""
    same_group = Notification.person_id == actor.person_id, Notification.group_id == row.group_id
    write_mark_or_skip(_build_mark_read_statement(*same_group, Notification.created_at <= row.created_at))


def mark_subjects_read(actor: Actor, *subject_ids: UUID) -> None:
    """Mark notifications about some rows as read, when a page shows these; a read where all are."""
    own = Notification.person_id == actor.person_id, Notification.subject_id.in_(subject_ids)
    if db.session.scalar(sa.select(sa.exists().where(*own, Notification.read_at.is_(None)))):
        write_mark_or_skip(_build_mark_read_statement(*own))


def mark_discussion_notifications_read(actor: Actor, discussion_id: UUID, up_to: datetime) -> None:
    """Mark notifications about comments of a discussion as read, when its page shows them."""
    comment_ids = sa.select(Comment.id).where(
        Comment.discussion_id == discussion_id, Comment.created_at <= up_to
    )
    write_mark_or_skip(
        _build_mark_read_statement(
            Notification.person_id == actor.person_id, Notification.subject_id.in_(comment_ids)
        )
    )


def _build_mark_read_statement(*conditions: sa.ColumnElement[bool]) -> sa.Update:
    unread = sa.update(Notification).where(*conditions, Notification.read_at.is_(None))
    return unread.values(read_at=clock.now())


def mute_group(actor: Actor, group_id: UUID) -> None:
    """Mute a group: only personal kinds, such as mentions, still notify. Pending mails are filtered
    when they are written. Raises `NotFound`."""
    row = queries.get_latest_of_group(actor, group_id)
    _mute_project_or_group(actor, group_id, row.scope_id)


def unmute_group(actor: Actor, group_id: UUID) -> None:
    """Be told of a group again; idempotent. Raises `NotFound`."""
    queries.get_latest_of_group(actor, group_id)
    _unmute_project_or_group(actor, group_id)


def mute_scope(actor: Actor, scope_id: UUID) -> None:
    """Mute a whole project, which the caller may see."""
    _mute_project_or_group(actor, scope_id, scope_id)


def _mute_project_or_group(actor: Actor, about_id: UUID, scope_id: UUID | None) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {
        "person_id": actor.person_id,
        "about_id": about_id,
        "scope_id": scope_id,
        "created_at": clock.now(),
    }
    execute_write(insert(Mute).on_conflict_do_nothing(), row)


def unmute_scope(actor: Actor, scope_id: UUID) -> None:
    """Be told of a project again, which the caller may see; idempotent."""
    _unmute_project_or_group(actor, scope_id)


def _unmute_project_or_group(actor: Actor, about_id: UUID) -> None:
    same_subject = Mute.person_id == actor.person_id, Mute.about_id == about_id
    execute_write(sa.delete(Mute).where(*same_subject), {})


def skip_pending_mails_mark_older_read(read_before: datetime) -> None:
    """For imported history: settle all pending mails, and mark older notifications as read."""
    pending = sa.update(Notification).where(Notification.settled_at.is_(None))
    execute_write(pending.values(settled_at=clock.now()), {})
    execute_write(_build_mark_read_statement(Notification.created_at < read_before), {})
