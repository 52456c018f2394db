"""A decision that a team awaits: the question, its addressee, the answer, and when it was read."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.project.projects.gate_rules import GATE_NUMBER_MAX
from portal.project.projects.models import Numbered
from portal.sprints.sprints.models import Sprint

QUESTION_MAX = 4000  # as long as the field of the sprint's log from which it may come
WHY_MAX = 4000
ANSWER_MAX = 4000
REASON_MAX = 1000


class DecisionAddressee(StrEnum):
    """To whom the question is put; leads of the programme may always answer."""

    LEAD = "lead"
    OPERATOR = "operator"
    COACH = "coach"


class DecisionStage(StrEnum):
    """The state of a decision."""

    REQUESTED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"  # by its team, before any answer
    UNANSWERED = "unanswered"  # overtaken before decisions had a state of their own


class DecisionOutcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    REFUSED = "refused"
    OTHERWISE = "otherwise"


class AwaitedDecision(Numbered):
    """`created_at` is when it was asked, `closed_at` when it stopped waiting, so that the decisions
    that were open at any past moment are known from the row alone. `asks_for_help`: the question is a
    request for help, and no decision.

    `origin_sprint_id` is the sprint at whose close it was asked, `sprint_id` and `gate` what it
    blocks. `owner_id` is whoever took it or was given it. `asked_by_id` is None for a question that
    nobody's account is known for (asked before decisions existed). `seen_at` is when a member of
    the team acknowledged the answer."""

    __tablename__ = "awaited_decision"
    page_path = "/decisions/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("question <> ''", name="asks_something"),
        CheckConstraint(f"gate BETWEEN 0 AND {GATE_NUMBER_MAX}", name="gate"),
        CheckConstraint("(stage = 'asked') = (closed_at IS NULL)", name="closed_at_a_moment"),
        CheckConstraint(
            "(stage = 'answered') = (outcome IS NOT NULL)"
            " AND (outcome IS NULL OR (answer <> '' AND closed_by_id IS NOT NULL))",
            name="answered_by_name_with_a_text",
        ),
        CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL) AND (seen_at IS NULL OR stage = 'answered')",
            name="seen_by_name_once_answered",
        ),
        Index("ix_awaited_decision_project_id_closed_at", "project_id", "closed_at"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    question: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    gate: Mapped[int | None]
    sprint_id: Mapped[UUID | None] = mapped_column(ForeignKey(Sprint.id), index=True)
    origin_sprint_id: Mapped[UUID | None] = mapped_column(ForeignKey(Sprint.id), unique=True)
    addressee: Mapped[DecisionAddressee] = mapped_column(default=DecisionAddressee.LEAD)
    asks_for_help: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id), index=True)
    stage: Mapped[DecisionStage] = mapped_column(default=DecisionStage.REQUESTED)
    outcome: Mapped[DecisionOutcome | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    withdraw_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))

    @property
    def is_open(self) -> bool:
        return self.stage is DecisionStage.REQUESTED
