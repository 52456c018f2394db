"""Open threads and unread comments of a whole project, and the page that shows a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.mention_queries import MENTIONED_PEOPLE, MentionedPerson
from portal.collaboration.discussions.models import Comment, Discussion, ReadMark, Thread
from portal.collaboration.discussions.queries import IS_NEW, OWN_READ_MARK
from portal.people.accounts.models import Person
from portal.people.programmes.models import PolicyScope, Scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.text import replace_handles_with_names

OPEN_THREADS_PER_PAGE = 20
UNREAD_MAX = 100  # comments of a list


@dataclass(frozen=True)
class OpenThread:
    """An open thread: its first undeleted comment, the path of the page that shows it, how many
    comments it has and how many of them are new to the reader."""

    thread_id: UUID
    page: str
    comment_id: UUID
    author: str
    first_text: str
    comments: int
    last_at: datetime
    new: int
    mentions: Sequence[MentionedPerson]

    @property
    def text_with_names(self) -> str:
        return replace_handles_with_names(self.first_text, self.mentions)


@dataclass(frozen=True)
class UnreadComment:
    """A comment that the reader has not read; `page` is the path of the page that shows it."""

    comment_id: UUID
    author: str
    body: str
    at: datetime
    page: str
    mentions: Sequence[MentionedPerson]

    @property
    def text_with_names(self) -> str:
        return replace_handles_with_names(self.body, self.mentions)


def list_unread_comments(actor: Actor, scope_id: UUID) -> Sequence[UnreadComment]:
    """The comments of a scope that the actor has not read, the oldest first; at most `UNREAD_MAX`."""
    columns = Comment.id, Person.name, Comment.body, Comment.created_at, Discussion.page, MENTIONED_PEOPLE
    unread = queries.restrict_to_new_comments(select(*columns)).join(Person, Person.id == Comment.author_id)
    oldest_first = (
        unread.where(Discussion.scope_id == scope_id, policy.visible_to(actor))
        .order_by(Comment.created_at, Comment.id)
        .limit(UNREAD_MAX)
    )
    return [UnreadComment(*row) for row in db.session.execute(oldest_first, {"reader": actor.person_id})]


def list_open_threads_and_total(
    actor: Actor, scope_id: UUID, page: int = 1
) -> tuple[Sequence[OpenThread], int]:
    """A page of the open threads of a scope that the caller may see, and their total; the first page
    beyond the last."""
    threads, total = slice_open_threads_and_total(
        actor, scope_id, (page - 1) * OPEN_THREADS_PER_PAGE, OPEN_THREADS_PER_PAGE
    )
    return (threads, total) if threads or page == 1 else list_open_threads_and_total(actor, scope_id)


def slice_open_threads_and_total(
    actor: Actor, scope_id: UUID, first: int, limit: int
) -> tuple[Sequence[OpenThread], int]:
    """Up to `limit` open threads after the `first` ones, and their total (0 where none is read).

    Threads with unread comments come first, then by last comment, latest first. Threads whose
    comments are all deleted are left out.
    """
    opening = aliased(Comment)
    is_undeleted = and_(opening.thread_id == Thread.id, opening.deleted_at.is_(None))
    first_id = select(opening.id).where(is_undeleted).order_by(opening.created_at, opening.id).limit(1)
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
            MENTIONED_PEOPLE,
            func.count().over(),
        )
        .join(Discussion, Discussion.id == Thread.discussion_id)
        .join(counts, counts.c.thread_id == Thread.id)
        .join(Comment, Comment.id == first_id.correlate(Thread).scalar_subquery())
        .join(Person, Person.id == Comment.author_id)
        .where(Discussion.scope_id == scope_id, policy.visible_to(actor), Thread.resolved_at.is_(None))
        .order_by(case((counts.c.new > 0, 0), else_=1), counts.c.last_at.desc(), Thread.id)
    )
    results = db.session.execute(rows.limit(limit).offset(first), {"reader": actor.person_id}).all()
    return [OpenThread(*row[:9]) for row in results], results[0][9] if results else 0


def locate_thread(actor: Actor, thread_id: UUID) -> tuple[str, int]:
    """The path of the page that shows a thread, and its page number in the discussion.

    Raises `NotFound`.
    """
    results = fetch_rows(_THREAD_POSITION, {"thread": thread_id})
    if not results:
        raise NotFound
    path, earlier, scope_id, parent_id = results[0]
    if not policy.can_read(actor, PolicyScope(scope_id, parent_id)):
        raise NotFound
    return path, thread_page_number(earlier)


def thread_page_number(earlier: int) -> int:
    """The page number of a thread that comes after `earlier` others."""
    return earlier // queries.THREADS_PER_PAGE + 1


def _select_earlier_thread_count() -> ScalarSelect[int]:
    """How many threads come before the one bound as `thread`: open ones first, then by time."""
    this, other = aliased(Thread), aliased(Thread)
    older = or_(
        other.created_at < this.created_at, and_(other.created_at == this.created_at, other.id < this.id)
    )
    is_open = other.resolved_at.is_(None)
    before = case((this.resolved_at.is_(None), and_(is_open, older)), else_=or_(is_open, older))
    return (
        select(func.count())
        .join_from(this, other, and_(other.discussion_id == this.discussion_id, before))
        .where(this.id == bindparam("thread"))
        .scalar_subquery()
    )


EARLIER_COUNT = _select_earlier_thread_count()
_THREAD_POSITION = PreparedStatement(
    select(Discussion.page, EARLIER_COUNT, Scope.id, Scope.parent_id)
    .join_from(Thread, Discussion, Discussion.id == Thread.discussion_id)
    .join(Scope, Scope.id == Discussion.scope_id)
    .where(Thread.id == bindparam("thread"))
)


def count_unread_of_scope(actor: Actor, scope_id: UUID) -> int:
    """How many comments of a scope are unread."""
    return queries.count_unread_by_scope(actor, [scope_id])[scope_id]


def find_last_new_comment_time(
    actor: Actor, discussion_id: UUID, thread_id: UUID, until: datetime
) -> datetime | None:
    """When the last comment of a thread was posted, at a moment at the latest, that is new to the actor,
    before the first new one of other threads; None where there is none."""
    parameters = {
        "reader": actor.person_id,
        "discussion": discussion_id,
        "thread": thread_id,
        "until": until,
    }
    return db.session.scalar(_LAST_NEW_OF_THREAD, parameters)


_first_new_elsewhere = (
    queries.restrict_to_new_comments(select(func.min(Comment.created_at)))
    .where(Comment.discussion_id == bindparam("discussion"), Comment.thread_id != bindparam("thread"))
    .correlate(None)
    .scalar_subquery()
)
_LAST_NEW_OF_THREAD = queries.restrict_to_new_comments(select(func.max(Comment.created_at))).where(
    Comment.thread_id == bindparam("thread"),
    Comment.created_at <= bindparam("until"),
    or_(_first_new_elsewhere.is_(None), Comment.created_at < _first_new_elsewhere),
)
