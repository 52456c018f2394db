"""Items of work, the iterations they are planned in, their events and snapshots.

`item` holds the current state. `item_event` and the snapshots are append-only: database triggers
refuse changes, so that no late edit rewrites a burndown.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.project.projects.models import InProject, Project
from portal.sprints.backlog.flow_rules import ItemState

TITLE_MAX = 200
REASON_MAX = 300
TEXT_MAX = 4000
POINTS_MAX = 100
NUMBER_MAX = 99_999  # items of one project
ORIGIN_MAX = 300


class ItemKind(StrEnum):
    """The kind of work."""

    STORY = "story"
    DATA = "data"
    MODEL = "model"
    TEST_FINDING = "test_finding"
    RETRO_ACTION = "retro_action"
    BUG = "bug"


class ItemEventKind(StrEnum):
    """What happened to an item."""

    ADDED = "added"
    EDITED = "edited"
    ASSIGNED = "assigned"
    ORDERED = "ordered"
    PLANNED = "planned"  # taken into a sprint
    RETURNED = "returned"  # put back to the backlog
    SPLIT = "split"
    STARTED = "started"
    PUT_BACK = "put_back"  # from in progress to to do
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    FINISHED = "finished"
    REOPENED = "reopened"
    DROPPED = "dropped"
    TAKEN_BACK = "taken_back"  # reopened after a drop, or after the close of its sprint


class SpillTarget(StrEnum):
    """Where an item goes that is open at the close of its sprint."""

    MOVED_ON = "moved_on"  # to the next sprint
    TO_BACKLOG = "kept"  # in the backlog
    DROPPED = "dropped"


class SnapshotMoment(StrEnum):
    """When a snapshot is taken."""

    START = "start"
    CLOSE = "close"


class Iteration(Base):
    """A sprint as the backlog sees it, with the id and number of the row in `sprint`.

    Deleting a planned sprint sets `withdrawn_at` here, because events refer to the iteration.
    """

    __tablename__ = "iteration"
    __table_args__ = (Index("ix_iteration_project_id_closed_at", "project_id", "closed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    number: Mapped[int]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether items may be planned in it."""
        return self.closed_at is None and self.withdrawn_at is None

    @property
    def is_active(self) -> bool:
        """Whether it is started and open."""
        return self.started_at is not None and self.is_open


class Item(InProject, Versioned, Entity):
    """An item of work, in the backlog (`iteration_id` is None) or in a sprint.

    `rank` orders all items of a project, ascending. `started_at` is the first start. `spill` is the
    choice in a draft of the close, or MOVED_ON while the item waits for the next planned sprint.
    `origin` is the path of the page of its source (an action, a finding); empty for typed items.
    """

    __tablename__ = "item"
    page_path: ClassVar[str] = "/backlog/{number}"
    __table_args__ = (
        Unique("project_id", "number"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint(f"points BETWEEN 0 AND {POINTS_MAX}", name="points"),
        CheckConstraint("(state = 'blocked') = (block_reason <> '')", name="blocked_with_why"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_when_done"),
        Index("ix_item_project_id_iteration_id_rank", "project_id", "iteration_id", "rank"),
        Index("ix_item_project_id_rank", "project_id", "rank"),
        Index("ix_item_project_id_done_at", "project_id", "done_at"),
        Index("ix_item_iteration_id", "iteration_id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    number: Mapped[int]
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    iteration_id: Mapped[UUID | None] = mapped_column(ForeignKey(Iteration.id))
    rank: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    title_fold: Mapped[str] = mapped_column(String(TITLE_MAX * 2))
    kind: Mapped[ItemKind] = mapped_column(default=ItemKind.STORY)
    points: Mapped[int | None]
    description: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    state: Mapped[ItemState] = mapped_column(default=ItemState.TO_DO)
    block_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    spill: Mapped[SpillTarget | None]
    origin: Mapped[str] = mapped_column(String(ORIGIN_MAX), default="")

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.gone_at is None and self.state is not ItemState.DONE


class ItemEvent(Entity):
    """The values of an item after the `number`-th event of its project, and who caused it."""

    __tablename__ = "item_event"
    __table_args__ = (
        Unique("project_id", "number"),
        Index("ix_item_event_item_id_number", "item_id", "number"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    number: Mapped[int]
    item_id: Mapped[UUID] = mapped_column(ForeignKey(Item.id))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    kind: Mapped[ItemEventKind]
    iteration_id: Mapped[UUID | None] = mapped_column(ForeignKey(Iteration.id))
    state: Mapped[ItemState]
    points: Mapped[int | None]
    is_dropped: Mapped[bool]
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    reason: Mapped[str] = mapped_column(String(REASON_MAX))


class Snapshot(Entity):
    """A sprint's scope at its start or close, and figures computed from it.

    `created_at` is when its iteration started or closed. A start or a close that was undone leaves
    its snapshot behind, which counts no more: see `queries.current_snapshot_condition`. `event_number`
    is the last event before the snapshot. `finished_…` and `cycle_days` (median, in days) are set at a close
    only. `to_do`, `doing`, `blocked` and `done` count all items of the project.
    """

    __tablename__ = "snapshot"
    __table_args__ = (Unique("iteration_id", "moment", "created_at"),)

    iteration_id: Mapped[UUID] = mapped_column(ForeignKey(Iteration.id))
    moment: Mapped[SnapshotMoment]
    event_number: Mapped[int]
    items: Mapped[int]
    points: Mapped[int]
    done_items: Mapped[int]
    done_points: Mapped[int]
    finished_items: Mapped[int] = mapped_column(default=0)
    finished_points: Mapped[int] = mapped_column(default=0)
    cycle_days: Mapped[float | None]
    to_do: Mapped[int]
    doing: Mapped[int]
    blocked: Mapped[int]
    done: Mapped[int]


class SnapshotItem(Base):
    """An item in a snapshot; `spill` says where it went if it was open at a close."""

    __tablename__ = "snapshot_item"

    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey(Snapshot.id), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey(Item.id), primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    points: Mapped[int | None]
    state: Mapped[ItemState]
    spill: Mapped[SpillTarget | None]
