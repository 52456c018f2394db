"""How many comments a discussion has and when the last was written, for lists and unread counts."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.discussions import commands
from portal.collaboration.discussions.models import Comment, Discussion
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db, fetch_rows, flush_session, lock_row
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.projection import Projection

_ADDED, _REMOVED = frozenset({"added"}), frozenset({"removed"})


def update_comment_counts(lines: Sequence[PendingAuditEvent]) -> None:
    """One statement a new comment; discussions of deleted comments are counted again afterwards."""
    removed_ids = []
    for line in lines:
        if PROJECTION.changed_parts_of(line) == _ADDED:
            fetch_rows(_ADD_COMMENT, {"comment": line.subject_id})
        else:
            removed_ids.append(line.subject_id)
    if removed_ids:
        affected = sa.select(Comment.discussion_id).where(Comment.id.in_(removed_ids)).distinct()
        for discussion_id in sorted(db.session.scalars(affected)):
            refresh_comment_count(discussion_id)


_comment = Comment.id == sa.bindparam("comment", type_=Comment.id.type)
_written_at = sa.select(Comment.created_at).where(_comment).scalar_subquery()
_LAST = Discussion.last_comment_at
# An increment: of two who comment at once, each also counts the other's.
_ADD_COMMENT = PreparedStatement(
    sa.update(Discussion)
    .where(Discussion.id == sa.select(Comment.discussion_id).where(_comment).scalar_subquery())
    .values(
        comment_count=Discussion.comment_count + 1,
        last_comment_at=sa.case((sa.or_(_LAST.is_(None), _written_at > _LAST), _written_at), else_=_LAST),
    )
)


def refresh_comment_count(discussion_id: UUID) -> None:
    """Count the comments of a discussion again."""
    flush_session()
    lock_row(Discussion, discussion_id)
    same_discussion = sa.update(Discussion).where(Discussion.id == discussion_id)
    counts = compute_comment_count_columns(discussion_id)
    db.session.execute(same_discussion.values(counts).execution_options(synchronize_session=False))


def compute_comment_count_columns(discussion_id: UUID) -> dict[str, object]:
    """The values of the stored columns, from the comments themselves."""
    standing = Comment.discussion_id == discussion_id, Comment.deleted_at.is_(None)
    counted = sa.select(sa.func.count(), sa.func.max(Comment.created_at)).where(*standing)
    count, last = db.session.execute(counted).one()
    return {"comment_count": count, "last_comment_at": last}


def recount_all_discussions() -> int:
    """Count the comments of all discussions again; returns how many had wrong figures."""
    standing = Comment.discussion_id == Discussion.id, Comment.deleted_at.is_(None)
    count = sa.select(sa.func.count()).where(*standing).scalar_subquery()
    last = sa.select(sa.func.max(Comment.created_at)).where(*standing).scalar_subquery()
    astray = sa.or_(Discussion.comment_count != count, Discussion.last_comment_at.is_distinct_from(last))
    mended = sa.update(Discussion).where(astray).values(comment_count=count, last_comment_at=last)
    result = db.session.execute(mended.returning(Discussion.id))
    return len(result.all())


PROJECTION = Projection(
    name="comment counts",
    depends={commands.STARTED: _ADDED, commands.REPLIED: _ADDED, commands.DELETED: _REMOVED},
    refresh=update_comment_counts,
    exempt=(commands.EDITED, commands.RESOLVED, commands.REOPENED),
)
