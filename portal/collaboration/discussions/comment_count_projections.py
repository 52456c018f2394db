"""How many comments stand in a discussion, and since when: kept as they come and go."""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from portal.collaboration.discussions.models import Comment, Discussion
from portal.collaboration.discussions.thread_queries import EARLIER_COUNT, page_after
from portal.platform.kernel.database import db, fetch_rows, flush_session, lock_row
from portal.platform.kernel.prepared_statements import PreparedStatement


class CommentPosition(NamedTuple):
    """Where a comment is seen: the path of the page, and which page of the discussion there."""

    path: str
    page: int


def count_comment(comment: Comment) -> CommentPosition:
    """One more. In one statement, so that two who speak at once both count."""
    at = {"place": comment.discussion_id, "at": comment.created_at, "thread": comment.thread_id}
    [(path, earlier)] = fetch_rows(_ADD_COMMENT, at)
    return CommentPosition(path, page_after(earlier))


class _QualifiedSubquery(sa.ColumnElement[int]):
    """A query within `RETURNING`, which SQLAlchemy writes for SQLite without names of tables."""

    def __init__(self, query: sa.ScalarSelect[int]) -> None:
        self.query, self.type = query, query.type


@compiles(_QualifiedSubquery)
def _compile_subquery(whole: _QualifiedSubquery, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(whole.query, **how | {"include_table": True})


_LAST = Discussion.last_comment_at
_AT = sa.bindparam("at", type_=_LAST.type)
_ADD_COMMENT = PreparedStatement(
    sa.update(Discussion)
    .where(Discussion.id == sa.bindparam("place"))
    .values(
        comment_count=Discussion.comment_count + 1,
        last_comment_at=sa.case((sa.or_(_LAST.is_(None), _LAST < _AT), _AT), else_=_LAST),
    )
    .returning(Discussion.page, _QualifiedSubquery(EARLIER_COUNT))
)


def refresh_comment_count(discussion_id: UUID) -> None:
    """From the comments themselves, after one was taken away."""
    flush_session()
    lock_row(Discussion, discussion_id)
    there = sa.update(Discussion).where(Discussion.id == discussion_id)
    counts = read_comment_count(discussion_id)
    db.session.execute(there.values(counts).execution_options(synchronize_session=False))


def read_comment_count(discussion_id: UUID) -> dict[str, object]:
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
