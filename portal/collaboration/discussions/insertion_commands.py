"""Inserts a comment and reads, in the same statement, where it will be shown."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.compiler import SQLCompiler

from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.thread_queries import EARLIER_COUNT, thread_page_number
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement


class CommentPosition(NamedTuple):
    """Where a comment is shown: the path of the page, and the page number in the discussion."""

    path: str
    page: int


class _QualifiedSubquery(sa.ColumnElement[int]):
    """A query within `RETURNING`, which SQLAlchemy writes for SQLite without names of tables."""

    def __init__(self, query: sa.ScalarSelect[int]) -> None:
        self.query, self.type = query, query.type


@compiles(_QualifiedSubquery)
def _compile_subquery(subquery: _QualifiedSubquery, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(subquery.query, **how | {"include_table": True})


def insert_comment(comment: Comment, path: str) -> CommentPosition:
    """Insert a new comment of a thread on the page at `path`; every column needs a value, but for those
    that are empty until it is edited or deleted."""
    values = {name: getattr(comment, name) for name in _COLUMNS}
    for name in _EMPTY_COLUMNS:  # what has no value is read again by the first who asks
        setattr(comment, name, None)
    [(earlier,)] = fetch_rows(_INSERT_COMMENT, values | {"thread": comment.thread_id})
    make_transient_to_detached(comment)
    db.session.add(comment)
    return CommentPosition(path, thread_page_number(earlier))


_COLUMNS = ("id", "created_at", "version", "thread_id", "discussion_id", "author_id", "body")
_EMPTY_COLUMNS = ("edited_at", "deleted_at", "deleted_by_id")
_INSERT_COMMENT = PreparedStatement(
    sa.insert(Comment).returning(_QualifiedSubquery(EARLIER_COUNT)), columns=_COLUMNS
)
