"""Recommendations: advice to a team, with its answer, proof and confirmation."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Comment, Discussion
from portal.people.accounts.models import Person
from portal.project.projects.gate_rules import GATE_NUMBER_MAX
from portal.project.projects.models import Numbered

LINE_MAX = 200
WHY_MAX = 4000
REASON_MAX = 1000
PROOF_MAX = 2000
URL_MAX = 500


class RecommendationStage(StrEnum):
    """The state of a recommendation."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # with a reason
    COMPLETED = "done"  # with a proof
    CONFIRMED = "confirmed"

    @property
    def is_open(self) -> bool:
        """Whether the team or a coach still has to act."""
        return self in {
            RecommendationStage.PROPOSED,
            RecommendationStage.ACCEPTED,
            RecommendationStage.COMPLETED,
        }


class Recommendation(Numbered):
    """`about_id` is the discussion of the object that it serves: one foreign key for all kinds of
    objects. `comment_id` is the comment it came from. A proof is a text, a link, or files attached
    to the recommendation. `sent_back` says what was missing when a proof was rejected."""

    __tablename__ = "recommendation"
    page_path = "/recommendations/{number}"
    # Redundant in the audit trail: the stage, the event's actor and its time say the same.
    unrecorded = frozenset(
        {"about_id", "comment_id", "author_id"}
        | {f"{step}_{end}" for step in ("answered", "done", "confirmed") for end in ("at", "by_id")}
    )
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> '' AND why <> ''", name="says_what_and_why"),
        CheckConstraint(f"gate BETWEEN 0 AND {GATE_NUMBER_MAX}", name="gate"),
        CheckConstraint(
            "(stage = 'proposed') = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name="answered_by_name",
        ),
        CheckConstraint("stage <> 'declined' OR decline_reason <> ''", name="declined_with_why"),
        CheckConstraint(
            "(stage IN ('done', 'confirmed')) = (done_at IS NOT NULL)"
            " AND (done_at IS NULL) = (done_by_id IS NULL)",
            name="done_by_name",
        ),
        CheckConstraint(
            "(stage = 'confirmed') = (confirmed_at IS NOT NULL)"
            " AND (confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name="confirmed_by_name",
        ),
        Index("ix_recommendation_project_id_stage", "project_id", "stage"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey(Discussion.id), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Comment.id), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    why: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    gate: Mapped[int | None]
    stage: Mapped[RecommendationStage] = mapped_column(default=RecommendationStage.PROPOSED)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    decline_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    proof_link: Mapped[str] = mapped_column(String(URL_MAX), default="")
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    sent_back: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
