"""Discussions with their threads, comments, earlier texts, mentions and read marks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity, Versioned

COMMENT_MAX = 10_000
PAGE_MAX = 300


class Discussion(Entity):
    """The discussion of one object, which holds the foreign key to it.

    `page` is the path of the page that shows it, set by the feature that owns the object, so that
    links to comments need no knowledge of it. `comment_count` and `last_comment_at` are stored by a
    projection (`comment_count_projections`), so that lists need not count comments.
    """

    __tablename__ = "discussion"

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), index=True)
    page: Mapped[str] = mapped_column(String(PAGE_MAX))
    comment_count: Mapped[int] = mapped_column(default=0)
    last_comment_at: Mapped[datetime | None]


class Thread(Entity):
    """A thread of comments, open until somebody resolves it."""

    __tablename__ = "thread"

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), index=True)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


@dataclass(frozen=True)
class ThreadColumns:
    """The columns of a thread that pages show; read-only."""

    id: UUID
    resolved_at: datetime | None


class Comment(Versioned, Entity):
    """A comment in Markdown. A deleted comment keeps its row and loses its text."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread_id_id", "thread_id", "id"),
        Index("ix_comment_discussion_id_created_at", "discussion_id", "created_at"),
        Index("ix_comment_discussion_id_author_id", "discussion_id", "author_id"),
    )

    thread_id: Mapped[UUID] = mapped_column(ForeignKey(Thread.id))
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id))
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    body: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


@dataclass(frozen=True)
class CommentColumns:
    """The columns of a comment that pages show; read-only."""

    id: UUID
    thread_id: UUID
    discussion_id: UUID
    author_id: UUID
    body: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class EarlierText(Entity):
    """The text of a comment before an edit."""

    __tablename__ = "earlier_text"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey(Comment.id), index=True)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Mention(Entity):
    """A comment mentions a person who may read it."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "person_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey(Comment.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)


class ReadMark(Entity):
    """Up to when a person has read a discussion, and when the mark was set."""

    __tablename__ = "read_mark"
    __table_args__ = (
        UniqueConstraint("person_id", "discussion_id"),
        Index("ix_read_mark_person_id_marked_at", "person_id", "marked_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), index=True)
    read_at: Mapped[datetime]
    marked_at: Mapped[datetime] = mapped_column(default=clock.now)
