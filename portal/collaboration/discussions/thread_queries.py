"""Threads wherever they stand: all open ones of a project, the page that shows one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.models import Comment, Discussion, ReadMark, Thread
from portal.collaboration.discussions.queries import IS_NEW, OWN_READ_MARK
from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope, ScopeBounds
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement

OPEN_THREADS_PER_PAGE = 20


@dataclass(frozen=True)
class OpenThread:
    """A thread that nobody has settled: what it began with, where it stands (`page` is the path of
    that page), and what in it is new to the reader."""

    thread_id: UUID
    page: str
    comment_id: UUID
    author: str
    first_text: str
    comments: int
    last_at: datetime
    new: int


def list_open_threads(
    actor: Actor, scope_id: UUID, page: int = 1
) -> tuple[Sequence[OpenThread], int]:
    """A page of them, and how many there are: what is new first, then the latest word. Of a scope
    that the caller was already allowed to see; threads whose words are all gone are left out."""
    first = aliased(Comment)
    standing = and_(first.thread_id == Thread.id, first.deleted_at.is_(None))
    began = select(first.id).where(standing).order_by(first.created_at, first.id).limit(1)
    counts = (
        select(
            Comment.thread_id,
            func.count().label("comments"),
            func.max(Comment.created_at).label("last_at"),
            func.sum(case((IS_NEW, 1), else_=0)).label("new"),
        )
        .join(Discussion, Discussion.id == Comment.discussion_id)
        .outerjoin(ReadMark, OWN_READ_MARK)
        .where(Discussion.scope_id == scope_id, Comment.deleted_at.is_(None))
        .group_by(Comment.thread_id)
        .subquery()
    )
    rows = (
        select(
            Thread.id,
            Discussion.page,
            Comment.id,
            Person.name,
            Comment.body,
            counts.c.comments,
            counts.c.last_at,
            counts.c.new,
            func.count().over(),
        )
        .join(Discussion, Discussion.id == Thread.discussion_id)
        .join(counts, counts.c.thread_id == Thread.id)
        .join(Comment, Comment.id == began.correlate(Thread).scalar_subquery())
        .join(Person, Person.id == Comment.author_id)
        .where(
            Discussion.scope_id == scope_id,
            policy.visible_to(actor),
            Thread.resolved_at.is_(None),
        )
        .order_by(case((counts.c.new > 0, 0), else_=1), counts.c.last_at.desc(), Thread.id)
    )
    some = rows.limit(OPEN_THREADS_PER_PAGE).offset((page - 1) * OPEN_THREADS_PER_PAGE)
    results = db.session.execute(some, {"reader": actor.person_id}).all()
    if not results and page > 1:
        return list_open_threads(actor, scope_id)
    return [OpenThread(*row[:8]) for row in results], results[0][8] if results else 0


def locate_thread(actor: Actor, thread_id: UUID) -> tuple[str, int]:
    """The path of the page that shows a thread, and on which page of the discussion it stands."""
    results = fetch_rows(_THREAD_POSITION, {"thread": thread_id})
    if not results:
        raise NotFound
    path, earlier, scope_id, parent_id = results[0]
    if not policy.can_read(actor, ScopeBounds(scope_id, parent_id)):
        raise NotFound
    return path, page_after(earlier)


def page_after(earlier: int) -> int:
    """The page of a discussion on which a thread stands after so many others."""
    return earlier // queries.THREADS_PER_PAGE + 1


def _count_earlier() -> ScalarSelect[int]:
    """How many threads of its discussion stand before the one named `thread`: open ones first."""
    this, other = aliased(Thread), aliased(Thread)
    older = or_(
        other.created_at < this.created_at,
        and_(other.created_at == this.created_at, other.id < this.id),
    )
    stands_open = other.resolved_at.is_(None)
    before = case(
        (this.resolved_at.is_(None), and_(stands_open, older)), else_=or_(stands_open, older)
    )
    return (
        select(func.count())
        .join_from(this, other, and_(other.discussion_id == this.discussion_id, before))
        .where(this.id == bindparam("thread"))
        .scalar_subquery()
    )


EARLIER_COUNT = _count_earlier()
_THREAD_POSITION = PreparedStatement(
    select(Discussion.page, EARLIER_COUNT, Scope.id, Scope.parent_id)
    .join_from(Thread, Discussion, Discussion.id == Thread.discussion_id)
    .join(Scope, Scope.id == Discussion.scope_id)
    .where(Thread.id == bindparam("thread"))
)
