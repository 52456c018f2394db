"""The open issues of one team on a day, as much as a reader may know. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.oversight.open_issues.figure_rules import IssueFigures, ReviewSnapshot
from portal.platform.kernel.months import months_after

SEVERE = 3
FRAMING, EXPOSURE = "framing", "exposure"
EXPECTED_KINDS = (FRAMING, EXPOSURE)  # the questionnaires that gates require, in order
ACCEPTED = frozenset({"accepted", "accepted_with_conditions"})
WAITING = frozenset({"submitted", "in_review"})


@dataclass(frozen=True)
class IssueVisibility:
    """What a reader may know of a team: all of it, or only the open conditions of its reviews."""

    all: bool
    conditions: bool


@dataclass(frozen=True)
class GateRequiringReview:
    """A gate that requires a review, due in a month of the support."""

    gate: int
    month: int


class ReviewStatus(StrEnum):
    """The status of an expected review."""

    WAIVED = "waived"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    REFUSED = "refused"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True)
class ExpectedReview:
    """A review that a gate requires. `review` is the last one that the reader may know of."""

    kind: str
    gate: int
    due_on: date
    look: ReviewStatus
    review: ReviewSnapshot | None
    is_required: bool  # none was accepted yet, the gate is not waived, the team goes on
    is_late: bool = False


@dataclass(frozen=True)
class TeamIssues:
    """The issues of one team on one day; None, or left out: the reader may not know it."""

    goes_on: bool
    catastrophic: int
    severe: int  # including catastrophic ones
    severe_number: int | None
    severe_since: date | None
    rated: Sequence[int] | None  # by severity, from 0
    unrated: int | None
    expected: Sequence[ExpectedReview]
    waiting: Sequence[ReviewSnapshot]  # submitted and not decided, of any questionnaire
    triggers: int
    triggered_on: date | None
    conditions: int | None
    conditions_late: int | None
    high: int
    measures: int | None  # open, with a due date
    measures_late: int | None
    sheet: str
    sheet_on: date | None

    @property
    def reviews_late(self) -> int:
        return sum(review.is_late for review in self.expected)

    @property
    def late_count(self) -> int:
        """How many reviews, conditions and measures are past their date."""
        return self.reviews_late + (self.conditions_late or 0) + (self.measures_late or 0)


def assess_issues(
    figures: IssueFigures,
    review_gates: Mapping[str, GateRequiringReview],
    starts_on: date,
    day: date,
    *,
    goes_on: bool,
    sees: IssueVisibility,
) -> TeamIssues:
    """The issues on a day; nothing is late without `goes_on`. `review_gates` are by kind."""
    visible_reviews = [review for review in figures.reviews if sees.all or review.submitted_on is not None]

    def count_late_days(days: Iterable[date]) -> int:
        return sum(due_on < day for due_on in days) if goes_on else 0

    sheet = figures.sheet if sees.all or figures.sheet == "published" else ""
    return TeamIssues(
        goes_on=goes_on,
        catastrophic=figures.findings[SEVERE + 1],
        severe=sum(figures.findings[SEVERE:-1]),
        severe_number=figures.severe_number if sees.all else None,
        severe_since=figures.severe_since,
        rated=figures.findings[:-1] if sees.all else None,
        unrated=figures.findings[-1] if sees.all else None,
        expected=[
            replace(expected_review, is_required=asks, is_late=asks and expected_review.due_on < day)
            for expected_review in _iterate_expected_reviews(
                figures, review_gates, starts_on, visible_reviews
            )
            for asks in (expected_review.is_required and goes_on,)
        ],
        waiting=[review for review in visible_reviews if review.state in WAITING],
        triggers=figures.triggers,
        triggered_on=figures.triggered_on,
        conditions=len(figures.conditions) if sees.conditions else None,
        conditions_late=count_late_days(figures.conditions) if sees.conditions else None,
        high=figures.high,
        measures=len(figures.measures) if sees.all else None,
        measures_late=count_late_days(figures.measures) if sees.all else None,
        sheet=sheet,
        sheet_on=figures.sheet_on if sheet else None,
    )


def _iterate_expected_reviews(
    figures: IssueFigures,
    review_gates: Mapping[str, GateRequiringReview],
    starts_on: date,
    visible_reviews: Sequence[ReviewSnapshot],
) -> Iterator[ExpectedReview]:
    for kind in EXPECTED_KINDS:
        review_gate = review_gates.get(kind)
        if review_gate is not None:
            yield _build_expected_review(
                kind, review_gate, months_after(starts_on, review_gate.month), visible_reviews, figures.waived
            )


def _build_expected_review(
    kind: str,
    review_gate: GateRequiringReview,
    due_on: date,
    visible_reviews: Sequence[ReviewSnapshot],
    waived: Sequence[int],
) -> ExpectedReview:
    """The status is that of the last review of the kind. One accepted review of the kind meets the
    requirement for good; a waived gate requires none."""
    reviews_of_kind = [candidate for candidate in visible_reviews if candidate.kind == kind]
    review = reviews_of_kind[-1] if reviews_of_kind else None
    is_waived = review_gate.gate in waived
    look = ReviewStatus.WAIVED if is_waived else ReviewStatus(review.state) if review else ReviewStatus.NONE
    is_required = not is_waived and not any(candidate.state in ACCEPTED for candidate in reviews_of_kind)
    return ExpectedReview(kind, review_gate.gate, due_on, look, review, is_required)
