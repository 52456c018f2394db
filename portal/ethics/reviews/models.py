"""An ethics review: what a team answered, round after round, and what its reviewer decided."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
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
    """Where a review stands."""

    DRAFT = "draft"  # with its team: the first time, or because more was asked, or reopened
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    REFUSED = "refused"

    @property
    def is_decided(self) -> bool:
        return self in DECIDED


DECIDED = (ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_CONDITIONS, ReviewState.REFUSED)
UNDER_WAY = tuple(state for state in ReviewState if state not in DECIDED)
_OPEN = text("state IN ('draft', 'submitted', 'in_review') AND discarded_at IS NULL")


class RoundReason(StrEnum):
    """Why a round began."""

    OPENED = "opened"
    MORE = "more"  # the reviewer asked for more
    REOPENED = "reopened"  # something changed after a decision


class Review(Numbered):
    """`kind` is the key of its questionnaire, `edition_id` the edition that is answered.

    `round` is the number of the round under way, or of the last one. `submitted_at` is the first
    time that the team gave it away: before it, nobody outside of the project knows what it holds.
    `decided_at` is the last decision's. `reviewer_id` stays when the reviewer is no longer
    independent: the review is flagged then (`queries.Reviewer`). `discarded_at`: a draft that its
    team gave up before anybody outside knew it; it stays to be read, and nothing counts it.
    """

    __tablename__ = "review"
    page_path = "/reviews/{number}"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_first"),
        CheckConstraint(
            "state NOT IN ('in_review') OR reviewer_id IS NOT NULL", name="taken_by_somebody"
        ),
        CheckConstraint(
            "state NOT IN ('accepted', 'accepted_with_conditions', 'refused')"
            " OR decided_at IS NOT NULL",
            name="decided_at_some_moment",
        ),
        # One of a questionnaire is under way at a time.
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
        return self.state is ReviewState.DRAFT and self.discarded_at is None


class ReviewAnswer(Versioned, Entity):
    """What is answered to one question: a row of its own, so that two who answer two questions do
    not meet. There from the beginning; `value` None and `note` "" while nobody has answered.

    `item` is its key in the questionnaire; one that a later edition no longer asks keeps its row.
    """

    __tablename__ = "review_answer"
    __table_args__ = (
        UniqueConstraint("review_id", "item"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"
        ),
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
    """From the team to the reviewer and back. `sections` are those that it is about; none: all.

    `answers` are those that counted when it was submitted, to the questions of `edition_id`.
    `ended_at`: more was asked, or it was decided.
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
    """What the reviewer thinks of a section in a round. The team reads it once the round ends."""

    __tablename__ = "review_opinion"
    __table_args__ = (UniqueConstraint("round_id", "section"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey(ReviewRound.id))
    section: Mapped[str] = mapped_column(String(KEY_MAX))
    reasons: Mapped[str] = mapped_column(Text, default="")
    lacks: Mapped[bool] = mapped_column(default=False)  # more is to be asked about it
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class ReviewDecision(Entity):
    """A decision as it was signed. The database lets nobody change it.

    `content` is all of what was decided on: the answers, the reasons by section, the conditions,
    the fingerprints of the files. `fingerprint` is that of the answers to this text of the
    questionnaire; `answered` of `asked` questions; `level` and `score` where the questionnaire
    gives any.
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
    """What an acceptance asks for, by when; `number` counts within the project.

    Until `decided_at` it is the reviewer's own draft. A proof is words, a link, or files attached
    to it. `returned_because`: the reviewer saw the last proof and it does not do.
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
