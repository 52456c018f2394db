"""A sprint: planned, then active, then closed with its log. One row holds the plan and the log."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    func,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.project.projects.models import Numbered
from portal.sprints.sprints.outlook_rules import OutlookLevel

GOAL_MAX = 200
LINE_MAX = 200
TEXT_MAX = 4000
URL_MAX = 500
NUMBER_MAX = 999
CAPACITY_MAX = 1000
TEST_SET_MAX = 1_000_000_000
DAYS_MAX = 60
UNDO_TIME = timedelta(hours=1)  # how long a start or a close can be undone


class SprintState(StrEnum):
    """The state of a sprint, derived from its times."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"


class SprintOutcome(StrEnum):
    """Was the goal met?"""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"


class BlockerKind(StrEnum):
    """The kind of blocker that the team reports."""

    NONE = "none"
    DATA_ACCESS = "data_access"
    ANNOTATION = "annotation"
    CONTRACTOR = "contractor"
    IT = "it"
    LEGAL_DPO = "legal_dpo"
    PEOPLE = "people"


class Sprint(Numbered):
    """A sprint, numbered from 1 in its project; at most one is active. `ends_on` is included."""

    __tablename__ = "sprint"
    page_path = "/sprints/{number}"
    unrecorded = frozenset({"drafted_at", "started_at", "closed_at", "help_asked_at"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_start"),
        CheckConstraint("closed_at IS NULL OR started_at IS NOT NULL", name="closed_once_started"),
        CheckConstraint(
            "closed_at IS NULL OR (outcome IS NOT NULL AND summary <> '')", name="closed_with_outcome"
        ),
        Index(
            "uq_sprint_one_active",
            "project_id",
            unique=True,
            sqlite_where=text("started_at IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=text("started_at IS NOT NULL AND closed_at IS NULL"),
        ),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    goal: Mapped[str] = mapped_column(String(GOAL_MAX))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int | None]  # points
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    help_asked_at: Mapped[datetime | None]  # when help was asked for on another day than the close
    help_taken_at: Mapped[datetime | None]  # when somebody took the request
    helped_at: Mapped[datetime | None]  # when the help that was asked for was given
    # The words of a request that was made after the close; those of any other are the log's.
    help_text: Mapped[str | None] = mapped_column(Text)
    help_blocker: Mapped[BlockerKind | None]
    drafted_at: Mapped[datetime | None]  # last save of a draft of the log

    # The log. A draft may fill it before the close, which requires `outcome` and `summary`.
    outcome: Mapped[SprintOutcome | None]
    summary: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    shown: Mapped[str] = mapped_column(Text, default="")
    shown_to: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    shown_link: Mapped[str] = mapped_column(String(URL_MAX), default="")
    learnt: Mapped[str] = mapped_column(Text, default="")
    indicator: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    indicator_before: Mapped[float | None]
    indicator_after: Mapped[float | None]
    test_set_size: Mapped[int | None]
    blocker: Mapped[BlockerKind] = mapped_column(default=BlockerKind.NONE)
    blocker_text: Mapped[str] = mapped_column(Text, default="")
    help_wanted: Mapped[bool] = mapped_column(default=False)
    decision_awaited: Mapped[str] = mapped_column(Text, default="")
    outlook: Mapped[OutlookLevel | None]
    outlook_note: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    next_goal: Mapped[str] = mapped_column(String(GOAL_MAX), default="")

    @property
    def state(self) -> SprintState:
        if self.closed_at:
            return SprintState.CLOSED
        return SprintState.ACTIVE if self.started_at else SprintState.PLANNED

    @property
    def help_requested_at(self) -> datetime | None:
        """When its team asked for help; None when it did not. A draft of the log asks for nothing."""
        return self.help_asked_at or (self.closed_at if self.help_wanted else None)

    @property
    def request_text(self) -> str:
        """What its team wrote in its request for help."""
        return self.blocker_text if self.help_text is None else self.help_text

    @property
    def request_blocker(self) -> BlockerKind:
        """What kind of blocker its request for help names."""
        return self.help_blocker or self.blocker

    @property
    def help_closed_at(self) -> datetime | None:
        """When its latest request for help was closed, for those who only read it; None where none was."""
        return self.helped_at

    @property
    def is_help_closed(self) -> bool:
        """Whether its latest request for help was closed."""
        return self.helped_at is not None

    @property
    def awaits_help(self) -> bool:
        """Whether its team asked for help that was not given yet."""
        return self.help_requested_at is not None and self.helped_at is None

    @property
    def would_ask_for_help(self) -> bool:
        """Whether a log that wants help makes a request: none waits, and none was closed that it made."""
        return not self.awaits_help and not (self.is_help_closed and self.help_wanted)

    @property
    def has_open_request(self) -> bool:
        """Whether it awaits help, or somebody still has a request that its log makes no more."""
        return self.helped_at is None and (self.help_requested_at or self.help_taken_at) is not None


# The same as a condition: a sprint during or at the close of which its team asked for help.
ASKS_FOR_HELP = or_(
    Sprint.help_asked_at.is_not(None), and_(Sprint.closed_at.is_not(None), Sprint.help_wanted)
)
REQUEST_TEXT = func.coalesce(Sprint.help_text, Sprint.blocker_text)
REQUEST_BLOCKER = func.coalesce(Sprint.help_blocker, Sprint.blocker)
