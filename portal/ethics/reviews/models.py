"""Rows of ethics reviews: answers, rounds, opinions, decisions, conditions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.ethics.questionnaires.definition_rules import KEY_MAX, VERSION_MAX
from portal.ethics.questionnaires.models import FINGERPRINT_LENGTH, QuestionnaireEdition
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered, Project
from portal.sprints.prototypes.models import PrototypeVersion

LINE_MAX = 300
TEXT_MAX = 4000
REASON_MAX = 1000
URL_MAX = 500
NAME_MAX = 200
OUTCOME_MAX = 32


class ReviewState(StrEnum):
    """The state of a review."""

    DRAFT = "draft"  # with its team: new, returned for more answers, or reopened
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    REFUSED = "refused"

    @property
    def is_decided(self) -> bool:
        return self in DECIDED


ACCEPTED = (ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_CONDITIONS)
DECIDED = (*ACCEPTED, ReviewState.REFUSED)
UNDER_WAY = tuple(state for state in ReviewState if state not in DECIDED)
UNDER_REVIEW = (ReviewState.SUBMITTED, ReviewState.IN_REVIEW)
_OPEN = text("state IN ('draft', 'submitted', 'in_review') AND discarded_at IS NULL")


class RoundReason(StrEnum):
    """Why a round started."""

    OPENED = "opened"
    MORE = "more"  # the reviewer asked for more
    REOPENED = "reopened"  # something changed after a decision


class Review(Numbered):
    """A review of a project with one questionnaire.

    `kind` is the key of the questionnaire, `edition_id` the edition that is answered. `round` is
    the number of the current or last round. `submitted_at` is the first submission: before it,
    nobody outside the project may read the answers. `decided_at` is the last decision's.
    `reviewer_id` stays when the reviewer is no longer independent; the review is flagged then
    (`queries.ChosenReviewer`). `discarded_at`: a draft discarded before any submission; it stays readable
    but counts nowhere.
    """

    __tablename__ = "review"
    page_path = "/reviews/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_first"),
        CheckConstraint("state NOT IN ('in_review') OR reviewer_id IS NOT NULL", name="taken_by_somebody"),
        CheckConstraint(
            "state NOT IN ('accepted', 'accepted_with_conditions', 'refused') OR decided_at IS NOT NULL",
            name="decided_at_some_moment",
        ),
        # One review of a questionnaire is under way at a time.
        Index(
            "uq_review_under_way",
            "project_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_review_state_submitted_at", "state", "submitted_at"),
    )

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    kind: Mapped[str] = mapped_column(String(KEY_MAX))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(QuestionnaireEdition.id), index=True)
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.DRAFT)
    round: Mapped[int] = mapped_column(default=1)
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id), index=True)
    reviewer_assigned_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]

    @property
    def is_with_team(self) -> bool:
        """Whether it is a draft that was not discarded."""
        return self.state is ReviewState.DRAFT and self.discarded_at is None


class ReviewAnswer(Versioned, Entity):
    """The answer to one question, a row each, so that saves of different questions never conflict.

    Rows exist from the opening; `value` is None and `note` "" until answered. `item` is the key of
    the item; the row stays when a later edition no longer has the item.
    """

    __tablename__ = "review_answer"
    __table_args__ = (
        UniqueConstraint("review_id", "item"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), index=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id))
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    item: Mapped[str] = mapped_column(String(KEY_MAX))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class ReviewRound(Entity):
    """One pass from the team to the reviewer and back.

    `sections` are the keys to answer, all when empty. `answers` are the snapshot of the visible
    answers at submission, to the questions of `edition_id`. `ended_at`: when the reviewer requested
    more or decided.
    """

    __tablename__ = "review_round"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        CheckConstraint("why = 'opened' OR because <> ''", name="begun_with_why"),
    )

    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id))
    number: Mapped[int]
    why: Mapped[RoundReason] = mapped_column(default=RoundReason.OPENED)
    because: Mapped[str] = mapped_column(Text, default="")
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    begun_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    prototype_version_id: Mapped[UUID | None] = mapped_column(ForeignKey(PrototypeVersion.id))
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey(QuestionnaireEdition.id))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SectionOpinion(Versioned, Entity):
    """The reviewer's opinion of a section; the team reads it once the round has ended."""

    __tablename__ = "review_opinion"
    __table_args__ = (UniqueConstraint("round_id", "section"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(ReviewRound.id))
    section: Mapped[str] = mapped_column(String(KEY_MAX))
    reasons: Mapped[str] = mapped_column(Text, default="")
    lacks: Mapped[bool] = mapped_column(default=False)  # the team has to complete the section
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class ReviewDecision(Entity):
    """A signed decision; database triggers keep it immutable.

    `content` is the snapshot of what was decided on: answers, reasons by section, conditions, and
    SHA-256 of the files. `fingerprint` is that of the answers (`fingerprint_answers`). `answered`
    of `question_count` questions had an answer; `level` and `score` where there is one.
    """

    __tablename__ = "review_decision"
    __table_args__ = (CheckConstraint("reasons <> ''", name="decided_with_reasons"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), index=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey(ReviewRound.id), unique=True)
    outcome: Mapped[ReviewState]
    reasons: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    signed_name: Mapped[str] = mapped_column(String(NAME_MAX))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(QuestionnaireEdition.id))
    edition_version: Mapped[str] = mapped_column(String(VERSION_MAX))
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_LENGTH))
    answered: Mapped[int]
    question_count: Mapped[int]
    level: Mapped[int | None]
    score: Mapped[float | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReviewCondition(Numbered):
    """A condition of an acceptance, with a due date; `number` counts within the project.

    Until `decided_at` it is the reviewer's own draft. The proof is a text, a link or files.
    `returned_because`: why the reviewer rejected the last proof.
    """

    __tablename__ = "review_condition"
    page_path = "/reviews/conditions/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint("(proved_at IS NULL) = (proved_by_id IS NULL)", name="proved_by_somebody"),
        CheckConstraint(
            "confirmed_at IS NULL OR (confirmed_by_id IS NOT NULL AND proved_at IS NOT NULL)",
            name="confirmed_once_proved",
        ),
    )

    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), index=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey(ReviewRound.id), index=True)
    what: Mapped[str] = mapped_column(String(REASON_MAX))
    due_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    proof: Mapped[str] = mapped_column(Text, default="")
    proof_link: Mapped[str] = mapped_column(String(URL_MAX), default="")
    proved_at: Mapped[datetime | None]
    proved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    returned_because: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
