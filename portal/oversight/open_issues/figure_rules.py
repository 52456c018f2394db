"""The stored figures of a team's findings, reviews, risks and transparency sheet. Pure.

They hold due dates, not overdue flags, so rows never need a nightly refresh; `assess_issues`
compares them with a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SEVERITIES = 5  # 0 to 4; counts of unrated findings follow
NONE_OPEN = (0,) * (SEVERITIES + 1)


@dataclass(frozen=True)
class ReviewSnapshot:
    """The state of a review. `submitted_on` is the first submission: before it, only the project
    knows of the review."""

    number: int
    kind: str
    state: str
    submitted_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class IssueFigures:
    """The figures of one team.

    `findings` counts open findings by severity, then unrated ones; `severe_number` is the oldest
    severe one. `conditions` are due dates of unmet conditions of reviews, `measures` of open
    measures against open risks. `waived` are numbers of gates.
    """

    findings: tuple[int, ...] = NONE_OPEN
    severe_number: int | None = None
    severe_since: date | None = None
    reviews: tuple[ReviewSnapshot, ...] = ()
    conditions: tuple[date, ...] = ()
    triggers: int = 0
    triggered_on: date | None = None
    waived: tuple[int, ...] = ()
    high: int = 0
    measures: tuple[date, ...] = ()
    sheet: str = ""
    sheet_on: date | None = None


def review_as_plain(review: ReviewSnapshot) -> dict[str, Any]:
    days = {
        name: day.isoformat()
        for name in ("submitted_on", "decided_on")
        if (day := getattr(review, name)) is not None
    }
    return {"number": review.number, "kind": review.kind, "state": review.state, **days}


def review_from_plain(plain: Mapping[str, Any]) -> ReviewSnapshot:
    return ReviewSnapshot(
        plain["number"],
        plain["kind"],
        plain["state"],
        _parse_day(plain.get("submitted_on")),
        _parse_day(plain.get("decided_on")),
    )


def parse_days(iso_dates: Sequence[str]) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, iso_dates))


def _parse_day(iso_date: str | None) -> date | None:
    return None if iso_date is None else date.fromisoformat(iso_date)
