"""How many comments stand in a discussion, and since when: kept as they come and go."""

from uuid import UUID

import sqlalchemy as sa

from portal.discussions.models import Comment, Discussion
from portal.kernel.db import db, lock_row, rows, save
from portal.kernel.statements import Once


def add_comment(comment: Comment) -> None:
    """One more. In one statement, so that two who speak at once both count."""
    rows(_ONE_MORE, {"place": comment.discussion_id, "at": comment.created_at})


_LAST = Discussion.last_comment_at
_AT = sa.bindparam("at", type_=_LAST.type)
_ONE_MORE = Once(
    sa.update(Discussion)
    .where(Discussion.id == sa.bindparam("place"))
    .values(
        comment_count=Discussion.comment_count + 1,
        last_comment_at=sa.case((sa.or_(_LAST.is_(None), _LAST < _AT), _AT), else_=_LAST),
    )
)


def follow_comments(discussion_id: UUID) -> None:
    """From the comments themselves, after one was taken away."""
    save()
    lock_row(Discussion, discussion_id)
    there = sa.update(Discussion).where(Discussion.id == discussion_id)
    told = tell(discussion_id)
    db.session.execute(there.values(told).execution_options(synchronize_session=False))


def tell(discussion_id: UUID) -> dict[str, object]:
    standing = Comment.discussion_id == discussion_id, Comment.deleted_at.is_(None)
    counted = sa.select(sa.func.count(), sa.func.max(Comment.created_at)).where(*standing)
    count, last = db.session.execute(counted).one()
    return {"comment_count": count, "last_comment_at": last}


def recount() -> int:
    """All discussions, told again; how many had figures that did not hold."""
    standing = Comment.discussion_id == Discussion.id, Comment.deleted_at.is_(None)
    count = sa.select(sa.func.count()).where(*standing).scalar_subquery()
    last = sa.select(sa.func.max(Comment.created_at)).where(*standing).scalar_subquery()
    astray = sa.or_(
        Discussion.comment_count != count, Discussion.last_comment_at.is_distinct_from(last)
    )
    mended = sa.update(Discussion).where(astray).values(comment_count=count, last_comment_at=last)
    result = db.session.execute(mended.returning(Discussion.id))
    return len(result.all())
