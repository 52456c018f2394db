"""How one team stands on a day, as much of it as a reader may know. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.oversight.open_issues.figure_rules import IssueFigures, ReviewSnapshot
from portal.platform.kernel.months import months_after

SEVERE = 3
FRAMING, EXPOSURE = "framing", "exposure"
EXPECTED_KINDS = (FRAMING, EXPOSURE)  # the questionnaires that gates ask for, in their order
ACCEPTED = frozenset({"accepted", "accepted_with_conditions"})
WAITING = frozenset({"submitted", "in_review"})


@dataclass(frozen=True)
class IssueVisibility:
    """What of one team. `conditions`: what decided reviews still ask, as their register tells."""

    all: bool
    conditions: bool


@dataclass(frozen=True)
class ReviewGate:
    """A gate that asks for a review, in which month of the support."""

    gate: int
    month: int


class ReviewStatus(StrEnum):
    """How a review that is expected stands, in words of its own."""

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
    """A review that a gate asks for. `review` is the last one that the reader may know of."""

    kind: str
    gate: int
    due_on: date
    look: ReviewStatus
    review: ReviewSnapshot | None
    is_required: bool  # still: none was accepted, its gate is not waived, the team goes on
    is_late: bool = False


@dataclass(frozen=True)
class TeamIssues:
    """Of one team on one day. What a reader may not know is None, or not there."""

    goes_on: bool
    catastrophic: int
    severe: int  # those included
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
    measures: int | None  # with a date, that wait
    measures_late: int | None
    sheet: str
    sheet_on: date | None

    @property
    def reviews_late(self) -> int:
        return sum(review.is_late for review in self.expected)

    @property
    def late_count(self) -> int:
        """All that is past its date."""
        return self.reviews_late + (self.conditions_late or 0) + (self.measures_late or 0)


def assess_issues(
    figures: IssueFigures,
    review_gates: Mapping[str, ReviewGate],
    starts_on: date,
    day: date,
    *,
    goes_on: bool,
    sees: IssueVisibility,
) -> TeamIssues:
    """`asked` is by questionnaire. Of a team at rest nothing is late."""
    visible_reviews = [
        review for review in figures.reviews if sees.all or review.submitted_on is not None
    ]

    def late(days: Iterable[date]) -> int:
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
            replace(
                expected_review, is_required=asks, is_late=asks and expected_review.due_on < day
            )
            for expected_review in _list_expected(figures, review_gates, starts_on, visible_reviews)
            for asks in (expected_review.is_required and goes_on,)
        ],
        waiting=[review for review in visible_reviews if review.state in WAITING],
        triggers=figures.triggers,
        triggered_on=figures.triggered_on,
        conditions=len(figures.conditions) if sees.conditions else None,
        conditions_late=late(figures.conditions) if sees.conditions else None,
        high=figures.high,
        measures=len(figures.measures) if sees.all else None,
        measures_late=late(figures.measures) if sees.all else None,
        sheet=sheet,
        sheet_on=figures.sheet_on if sheet else None,
    )


def _list_expected(
    figures: IssueFigures,
    review_gates: Mapping[str, ReviewGate],
    starts_on: date,
    visible_reviews: Sequence[ReviewSnapshot],
) -> Iterator[ExpectedReview]:
    for kind in EXPECTED_KINDS:
        review_gate = review_gates.get(kind)
        if review_gate is not None:
            yield _expect_review(
                kind,
                review_gate,
                months_after(starts_on, review_gate.month),
                visible_reviews,
                figures.waived,
            )


def _expect_review(
    kind: str,
    review_gate: ReviewGate,
    due_on: date,
    visible_reviews: Sequence[ReviewSnapshot],
    waived: Sequence[int],
) -> ExpectedReview:
    """The last review of its kind says how it stands. One that was accepted before the team began
    the next is met; a waived gate asks for none."""
    reviews_of_kind = [candidate for candidate in visible_reviews if candidate.kind == kind]
    review = reviews_of_kind[-1] if reviews_of_kind else None
    is_waived = review_gate.gate in waived
    look = (
        ReviewStatus.WAIVED
        if is_waived
        else ReviewStatus(review.state)
        if review
        else ReviewStatus.NONE
    )
    is_required = not is_waived and not any(
        candidate.state in ACCEPTED for candidate in reviews_of_kind
    )
    return ExpectedReview(kind, review_gate.gate, due_on, look, review, is_required)
