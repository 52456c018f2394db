"""A page of a discussion for one reader, in a constant number of queries; warnings to authors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.collaboration.discussions import policy, queries
from portal.collaboration.discussions.mention_queries import MENTIONED_PEOPLE, list_mentionable_people
from portal.collaboration.discussions.models import (
    Comment,
    CommentColumns,
    Discussion,
    ReadMark,
    Thread,
    ThreadColumns,
)
from portal.collaboration.discussions.quotation_rules import remove_quotes_and_code
from portal.collaboration.files.queries import ListedFile, row_files_subquery
from portal.people.accounts.models import Person
from portal.people.programmes.models import PolicyScope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import find_mentioned_handles, ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change


@dataclass(frozen=True)
class CommentView:
    """A comment as one reader sees it. `mentions` are those that reach somebody."""

    comment: CommentColumns
    author: str
    handle: str
    deleted_by: str | None
    mentions: frozenset[tuple[str, str]]  # handle and name
    is_new: bool
    can_edit: bool
    can_delete: bool
    files: Sequence[ListedFile]


@dataclass(frozen=True)
class ThreadView:
    """A thread as one reader sees it, its comments oldest first."""

    thread: ThreadColumns
    resolved_by: str | None
    remarks: Sequence[CommentView]
    can_resolve: bool
    can_reopen: bool

    @property
    def count_new(self) -> int:
        return sum(remark.is_new for remark in self.remarks)

    def holds(self, comment_id: UUID | None) -> bool:
        return any(remark.comment.id == comment_id for remark in self.remarks)


@dataclass(frozen=True)
class DiscussionPage:
    """A page of a discussion: open threads before resolved ones, each kind oldest first."""

    discussion: queries.DiscussionColumns
    exchanges: Sequence[ThreadView]
    page: int
    pages: int
    open_count: int
    resolved_count: int
    message_count: int
    unread_count: int
    unread_elsewhere: UUID | None  # the oldest unread comment of another page
    read_up_to: datetime | None  # the read mark after this page; None: nothing new
    can_comment: bool

    @cached_property
    def open(self) -> Sequence[ThreadView]:
        return [exchange for exchange in self.exchanges if exchange.thread.resolved_at is None]

    @cached_property
    def resolved(self) -> Sequence[ThreadView]:
        return [exchange for exchange in self.exchanges if exchange.thread.resolved_at is not None]

    @property
    def new_on_page(self) -> int:
        """How many comments of this page are unread."""
        return sum(exchange.count_new for exchange in self.exchanges)

    @cached_property
    def first_unread_id(self) -> UUID | None:
        """The topmost unread comment of this page."""
        exchanges = (*self.open, *self.resolved)
        remarks = (remark for exchange in exchanges for remark in exchange.remarks)
        return next((remark.comment.id for remark in remarks if remark.is_new), None)

    def find_comment_view(self, comment_id: UUID | None) -> CommentView | None:
        """A comment of this page by its id; None for a deleted one."""
        remarks = (remark for exchange in self.exchanges for remark in exchange.remarks)
        matches = (remark for remark in remarks if remark.comment.id == comment_id)
        return next((remark for remark in matches if remark.comment.deleted_at is None), None)

    def url_of_page(self, page: int) -> str:
        return f"{self.discussion.page}?page={page}#discussion"


def read_conversation(actor: Actor, discussion_id: UUID, page: int = 1) -> DiscussionPage:
    """A page of a discussion, counted from 1; the last when there are fewer. Raises `NotFound`.

    Where the reader has read everything, it stays the same until the trail grows.
    """
    setting = queries.read_discussion_with_counts(actor, discussion_id)
    if setting.unread:
        return _read_conversation_page(actor, setting, page)
    key = "conversation", discussion_id, actor.person_id, page
    return cache_until_change(actor, key, lambda: _read_conversation_page(actor, setting, page))


def _read_conversation_page(actor: Actor, setting: queries.DiscussionWithCounts, page: int) -> DiscussionPage:
    discussion, scope = setting.place, setting.scope
    threads, total, resolved = _list_threads_and_totals(discussion, max(page, 1))
    pages = max(1, -(-total // queries.THREADS_PER_PAGE))
    page = min(max(page, 1), pages)
    remarks = _list_comment_views_by_thread(actor, scope, [thread.id for thread, _ in threads])
    exchanges = [
        ThreadView(
            thread=thread,
            resolved_by=resolved_by,
            remarks=remarks[thread.id],
            can_resolve=policy.can_resolve(actor, scope, thread),
            can_reopen=policy.can_reopen(actor, scope, thread),
        )
        for thread, resolved_by in threads
    ]
    new_on_page = sum(exchange.count_new for exchange in exchanges)
    elsewhere = (
        _find_oldest_unread_elsewhere(actor, discussion, threads) if setting.unread > new_on_page else None
    )
    return DiscussionPage(
        discussion=discussion,
        exchanges=exchanges,
        page=page,
        pages=pages,
        open_count=total - resolved,
        resolved_count=resolved,
        message_count=setting.comments,
        unread_count=setting.unread,
        unread_elsewhere=elsewhere and elsewhere[0],
        read_up_to=_compute_read_mark(exchanges, elsewhere and elsewhere[1]),
        can_comment=policy.can_comment(actor, scope),
    )


def _list_threads_and_totals(
    discussion: queries.DiscussionColumns, page: int
) -> tuple[Sequence[tuple[ThreadColumns, str | None]], int, int]:
    """A page of threads with the name of who resolved each; the total; how many are resolved.

    The last page when `page` is beyond it.
    """
    parameters = {"discussion": discussion.id, "offset": (page - 1) * queries.THREADS_PER_PAGE}
    limit = {"limit": queries.THREADS_PER_PAGE}
    rows = db.session.execute(_THREADS, parameters | limit).all()
    if rows:
        return [(ThreadColumns(row[0], row[1]), row[2]) for row in rows], rows[0][3], rows[0][4]
    if page == 1:
        return [], 0, 0
    statement = select(func.count()).where(Thread.discussion_id == discussion.id)
    last = -(-(db.session.scalar(statement) or 0) // queries.THREADS_PER_PAGE)
    return _list_threads_and_totals(discussion, max(1, last))


_THREADS = (
    select(
        Thread.id,
        Thread.resolved_at,
        Person.name,
        func.count().over(),
        func.count(Thread.resolved_at).over(),
    )
    .outerjoin(Person, Person.id == Thread.resolved_by_id)
    .where(Thread.discussion_id == bindparam("discussion"))
    .order_by(Thread.resolved_at.is_not(None), Thread.created_at, Thread.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)


def _list_comment_views_by_thread(
    actor: Actor, scope: PolicyScope, thread_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[CommentView]]:
    """The comments of these threads, by thread."""
    by_thread: dict[UUID, list[CommentView]] = defaultdict(list)
    parameters = {"threads": thread_ids, "reader": actor.person_id}
    rows = db.session.execute(_COMMENTS_OF_THREADS, parameters) if thread_ids else ()
    for *columns, author, handle, deleted_by, is_new, mentioned, files in rows:
        comment = CommentColumns(*columns)
        by_thread[comment.thread_id].append(
            CommentView(
                comment=comment,
                author=author,
                handle=handle,
                deleted_by=deleted_by,
                mentions=frozenset(mentioned),
                is_new=bool(is_new),
                can_edit=policy.can_edit(actor, scope, comment),
                can_delete=policy.can_delete(actor, scope, comment),
                files=tuple(files),
            )
        )
    return by_thread


_moderator = aliased(Person)
_COMMENTS_OF_THREADS = (
    select(
        *(getattr(Comment, column.name) for column in fields(CommentColumns)),
        Person.name,
        Person.handle,
        _moderator.name,
        queries.IS_NEW,
        MENTIONED_PEOPLE,
        row_files_subquery(Comment),
    )
    .join(Discussion, Discussion.id == Comment.discussion_id)
    .join(Person, Person.id == Comment.author_id)
    .outerjoin(_moderator, _moderator.id == Comment.deleted_by_id)
    .outerjoin(ReadMark, queries.OWN_READ_MARK)
    .where(Comment.thread_id.in_(bindparam("threads", expanding=True)))
    .order_by(Comment.created_at, Comment.id)
)


def _find_oldest_unread_elsewhere(
    actor: Actor,
    discussion: queries.DiscussionColumns,
    page_threads: Sequence[tuple[ThreadColumns, str | None]],
) -> tuple[UUID, datetime] | None:
    """The id and time of the oldest unread comment in threads of other pages."""
    unread = queries.restrict_to_new_comments(select(Comment.id, Comment.created_at)).where(
        Comment.discussion_id == discussion.id,
        Comment.thread_id.not_in([thread.id for thread, _ in page_threads]),
    )
    oldest = unread.order_by(Comment.created_at, Comment.id).limit(1)
    row = db.session.execute(oldest, {"reader": actor.person_id}).first()
    return (row[0], row[1]) if row else None


def _compute_read_mark(exchanges: Sequence[ThreadView], elsewhere: datetime | None) -> datetime | None:
    """The latest read mark that does not skip an unread comment of another page."""
    read_times = [
        remark.comment.created_at
        for exchange in exchanges
        for remark in exchange.remarks
        if remark.is_new and (elsewhere is None or remark.comment.created_at < elsewhere)
    ]
    return max(read_times, default=None)


def describe_unreached_mentions(actor: Actor, conversation: DiscussionPage, sought: UUID | None) -> str:
    """A warning about the comment `sought` if it is the actor's own; else empty."""
    remark = conversation.find_comment_view(sought)
    is_own = remark is not None and remark.comment.author_id == actor.person_id
    unreached = _list_unreached_handles(actor, remark.comment) if remark and is_own else ()
    if not unreached:
        return ""
    return ngettext(
        "%(handles)s ne correspond à personne qui lit cette page : la mention ne prévient personne.",
        "%(handles)s ne correspondent à personne qui lit cette page : ces mentions ne préviennent personne.",
        len(unreached),
        handles=", ".join(f"@{handle}" for handle in unreached),
    )


def _list_unreached_handles(actor: Actor, comment: CommentColumns) -> Sequence[str]:
    """The handles in a comment that belong to nobody who may read it, sorted."""
    handles = find_mentioned_handles(remove_quotes_and_code(comment.body))
    if not handles:
        return []
    _, scope = queries.get_discussion_and_scope(actor, comment.discussion_id)
    return sorted(handles - {reader.handle for reader in list_mentionable_people(scope)})
