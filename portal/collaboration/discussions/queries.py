"""Queries of discussions and of unread comments; results are filtered by what the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import BindParameter

from portal.collaboration.discussions import policy
from portal.collaboration.discussions.models import (
    Comment,
    Discussion,
    EarlierText,
    Mention,
    ReadMark,
    Thread,
)
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes.models import PolicyScope, Scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement

Columns = TypeVarTuple("Columns")

THREADS_PER_PAGE = 20


@dataclass(frozen=True)
class MentioningComment:
    """A comment that mentions the reader."""

    comment_id: UUID
    author: str
    at: datetime
    scope_id: UUID
    is_new: bool


@dataclass(frozen=True)
class DiscussionColumns:
    """The columns of a discussion that reading and commenting need; read-only."""

    id: UUID
    page: str
    scope_id: UUID


def get_discussion(actor: Actor, discussion_id: UUID) -> DiscussionColumns:
    """Raises `NotFound`."""
    return get_discussion_and_scope(actor, discussion_id)[0]


def has_comments(discussion_id: UUID) -> bool:
    """Whether a discussion that the caller may see has any comment."""
    statement = select(Comment.id).where(Comment.discussion_id == discussion_id).limit(1)
    return db.session.scalar(statement) is not None


def get_discussion_and_scope(actor: Actor, discussion_id: UUID) -> tuple[DiscussionColumns, PolicyScope]:
    """A discussion and the scope whose roles decide permissions; read-only. Raises `NotFound`."""
    results = fetch_rows(_PLACE, {"discussion": discussion_id})
    if not results:
        raise NotFound
    return convert_row_to_discussion_and_scope(actor, results[0])


def convert_row_to_discussion_and_scope(
    actor: Actor, row: Sequence[Any]
) -> tuple[DiscussionColumns, PolicyScope]:
    """Convert a row of `PLACES`. Raises `NotFound` when the actor may not read it."""
    id_, page, scope_id, parent_id = row
    scope = PolicyScope(scope_id, parent_id)
    if not policy.can_read(actor, scope):
        raise NotFound
    return DiscussionColumns(id_, page, scope_id), scope


PLACES = select(Discussion.id, Discussion.page, Scope.id, Scope.parent_id).join(
    Scope, Scope.id == Discussion.scope_id
)
_place = PLACES.where(Discussion.id == bindparam("discussion"))
_PLACE = PreparedStatement(_place)


def get_thread(actor: Actor, thread_id: UUID) -> Thread:
    statement = select(Thread).join(Discussion, Discussion.id == Thread.discussion_id)
    thread = db.session.scalar(statement.where(Thread.id == thread_id, policy.visible_to(actor)))
    if thread is None:
        raise NotFound
    return thread


def get_comment(actor: Actor, comment_id: UUID) -> Comment:
    """A comment, possibly deleted. Raises `NotFound`."""
    statement = select(Comment).join(Discussion, Discussion.id == Comment.discussion_id)
    comment = db.session.scalar(statement.where(Comment.id == comment_id, policy.visible_to(actor)))
    if comment is None:
        raise NotFound
    return comment


def list_comments(
    actor: Actor, discussion_id: UUID, *, after: UUID | None, limit: int, with_deleted: bool
) -> Sequence[Comment]:
    """Comments of a discussion after an id, the oldest first. Raises `NotFound`."""
    discussion = get_discussion(actor, discussion_id)
    comments = select(Comment).where(Comment.discussion_id == discussion.id)
    if after is not None:
        comments = comments.where(Comment.id > after)
    if not with_deleted:
        comments = comments.where(Comment.deleted_at.is_(None))
    return db.session.scalars(comments.order_by(Comment.id).limit(limit)).all()


def list_earlier_texts(actor: Actor, comment: Comment) -> Sequence[EarlierText]:
    """The earlier texts of a comment, latest first."""
    texts = (
        select(EarlierText)
        .join(Comment, Comment.id == EarlierText.comment_id)
        .join(Discussion, Discussion.id == Comment.discussion_id)
        .where(EarlierText.comment_id == comment.id, policy.visible_to(actor))
    )
    latest_first = EarlierText.written_at.desc(), EarlierText.id.desc()
    return db.session.scalars(texts.order_by(*latest_first)).all()


@dataclass(frozen=True)
class DiscussionWithCounts:
    """A discussion as a reader opens it: how many comments it has and how many are unread."""

    place: DiscussionColumns
    scope: PolicyScope
    comments: int
    unread: int


def read_discussion_with_counts(actor: Actor, discussion_id: UUID) -> DiscussionWithCounts:
    """A discussion with its scope and counts. Raises `NotFound`."""
    results = fetch_rows(_SETTING, {"discussion": discussion_id, "reader": actor.person_id})
    if not results:
        raise NotFound
    *place, comments, unread = results[0]
    return DiscussionWithCounts(*convert_row_to_discussion_and_scope(actor, place), comments, unread)


def list_mentioning_comments(actor: Actor, limit: int = 20) -> Sequence[MentioningComment]:
    """The latest comments by others that mention the actor, where they may still read them."""
    parameters = {"reader": actor.person_id, "limit": limit, **policy.reach_of(actor)}
    return [
        MentioningComment(id_, author, at, scope_id, bool(is_new))
        for id_, author, at, scope_id, is_new in db.session.execute(_MENTIONS, parameters)
    ]


def count_unread_by_discussion(actor: Actor, discussion_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """Unread comments by others, by discussion; 0 where the actor may not read."""
    return _count_unread_comments_by(actor, Discussion.id, list(discussion_ids))


def count_unread_by_scope(actor: Actor, scope_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """The same summed over the discussions of each scope."""
    return _count_unread_comments_by(actor, Discussion.scope_id, list(scope_ids))


def find_last_read_mark_time(actor: Actor) -> datetime | None:
    """When the actor's read marks last changed: a cache key for their unread counts."""
    last_read_at: datetime | None = fetch_rows(_LAST_READING, {"reader": actor.person_id})[0][0]
    return last_read_at


def _count_unread_comments_by(
    actor: Actor, by: InstrumentedAttribute[UUID], ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """Use the denormalised count of each discussion; scan comments only where some may be new."""
    unread = dict.fromkeys(ids, 0)
    parameters = {"ids": list(ids), "reader": actor.person_id, **policy.reach_of(actor)}
    for id_, count in db.session.execute(_UNREAD[by.key], parameters):
        unread[id_] = int(count)
    return unread


_reader: BindParameter[UUID] = bindparam("reader")
# Joins a discussion to the reader's read mark.
OWN_READ_MARK = and_(ReadMark.discussion_id == Discussion.id, ReadMark.person_id == _reader)
_by_others = and_(Comment.author_id != _reader, Comment.deleted_at.is_(None))

_LAST_READING = select(func.max(ReadMark.marked_at)).where(ReadMark.person_id == _reader)

_MENTIONS = (
    select(
        Comment.id,
        Person.name,
        Comment.created_at,
        Discussion.scope_id,
        or_(ReadMark.read_at.is_(None), Comment.created_at > ReadMark.read_at),
    )
    .join(Mention, Mention.comment_id == Comment.id)
    .join(Discussion, Discussion.id == Comment.discussion_id)
    .join(Person, Person.id == Comment.author_id)
    .outerjoin(ReadMark, OWN_READ_MARK)
    .where(Mention.person_id == _reader, _by_others, policy.VISIBLE)
    .order_by(Comment.created_at.desc(), Comment.id.desc())
    .limit(bindparam("limit"))
)


def _select_unread_counts_by(by: InstrumentedAttribute[UUID]) -> Select[UUID, int]:
    comments = select(func.count()).where(Comment.discussion_id == Discussion.id)
    own = comments.where(Comment.author_id == _reader, Comment.deleted_at.is_(None))
    since = comments.where(_by_others, Comment.created_at > ReadMark.read_at)
    unread = case(
        (ReadMark.read_at.is_(None), Discussion.comment_count - own.correlate(Discussion).scalar_subquery()),
        (
            Discussion.last_comment_at > ReadMark.read_at,
            since.correlate(Discussion, ReadMark).scalar_subquery(),
        ),
        else_=0,
    )
    return (
        select(by, func.sum(unread))
        .select_from(Discussion)
        .outerjoin(ReadMark, OWN_READ_MARK)
        .where(by.in_(bindparam("ids", expanding=True)), Discussion.comment_count > 0)
        .where(policy.VISIBLE)
        .group_by(by)
    )


_UNREAD = {column.key: _select_unread_counts_by(column) for column in (Discussion.id, Discussion.scope_id)}


def restrict_to_new_comments(rows: Select[*Columns]) -> Select[*Columns]:
    """Restrict a selection of comments to undeleted ones by others after the read mark of the
    person bound as `reader`."""
    return (
        rows.select_from(Comment)
        .join(Discussion, Discussion.id == Comment.discussion_id)
        .outerjoin(ReadMark, OWN_READ_MARK)
        .where(_by_others, _after_mark)
    )


_after_mark = or_(ReadMark.read_at.is_(None), Comment.created_at > ReadMark.read_at)
IS_NEW = case((and_(_by_others, _after_mark), True), else_=False)  # needs `OWN_READ_MARK` joined
_SETTING = PreparedStatement(
    _place.add_columns(
        Discussion.comment_count,
        restrict_to_new_comments(select(func.count()))
        .where(Comment.discussion_id == bindparam("discussion"))
        .correlate(None)
        .scalar_subquery(),
    )
)


def get_author_name(comment: Comment) -> str:
    return read_person_names([comment.author_id])[comment.author_id]
