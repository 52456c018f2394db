"""What is open of one project, read from the features that hold it: one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.concerns.facts import SEVERITIES, Reviewed, as_plain
from portal.findings.models import SEVERE, Finding
from portal.gates.definition import Verb
from portal.gates.models import GateDecision
from portal.kernel import clock
from portal.kernel.lists import read_values, rows_of
from portal.rereviews.models import OPEN, Trigger
from portal.reviews.listing import TO_MEET
from portal.reviews.models import Review, ReviewCondition
from portal.risks.levels import HIGH_FROM
from portal.risks.listing import OPEN as WAITS
from portal.risks.listing import SCORE
from portal.risks.models import Mitigation, Risk
from portal.transparency.models import Publication, SheetPart

_project: Any = bindparam("project")
_open = Finding.project_id == _project, Finding.closed_at.is_(None)
_risk = Risk.project_id == _project, Risk.closed_at.is_(None)


def _row(*values: Any) -> tuple[Any, ...]:
    return values


def _review(
    number: int, kind: str, state: str, submitted: datetime | None, decided: datetime | None
) -> Reviewed:
    days = (one and clock.day_of(one) for one in (submitted, decided))
    return Reviewed(number, kind, str(state), *days)


_FIGURES = (
    rows_of(
        select(Finding.severity, func.count().label("n")).where(*_open).group_by(Finding.severity),
        _row,
    ),
    rows_of(
        select(Finding.number, Finding.created_at)
        .where(*_open, Finding.severity >= SEVERE)
        .order_by(Finding.created_at, Finding.number)
        .limit(1),
        _row,
    ),
    rows_of(
        select(Review.number, Review.kind, Review.state, Review.submitted_at, Review.decided_at)
        .where(Review.project_id == _project, Review.discarded_at.is_(None))
        .order_by(Review.number),
        _review,
    ),
    rows_of(
        select(ReviewCondition.due_on)
        .where(ReviewCondition.project_id == _project, TO_MEET)
        .order_by(ReviewCondition.due_on),
        date.isoformat,
    ),
    rows_of(
        select(Trigger.happened_at)
        .where(Trigger.project_id == _project, OPEN)
        .order_by(Trigger.happened_at),
        clock.day_of,
    ),
    rows_of(
        select(GateDecision.gate, GateDecision.verb)
        .where(
            GateDecision.project_id == _project,
            GateDecision.verb.in_((Verb.WAIVED, Verb.RESTORED)),
        )
        .order_by(GateDecision.created_at, GateDecision.id),
        _row,
    ),
    select(func.count()).where(*_risk, SCORE >= HIGH_FROM).scalar_subquery(),
    rows_of(
        select(Mitigation.due_on)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .where(*_risk, WAITS, Mitigation.due_on.is_not(None))
        .order_by(Mitigation.due_on),
        date.isoformat,
    ),
    rows_of(
        select(Publication.published_on, Publication.ended_at)
        .where(Publication.project_id == _project)
        .order_by(Publication.number.desc())
        .limit(1),
        _row,
    ),
    select(func.count()).where(SheetPart.project_id == _project).scalar_subquery(),
)


def gather(project_id: UUID) -> dict[str, Any]:
    """The columns of its `ConcernFigures`."""
    found = read_values(_FIGURES, project=project_id)
    rated, severe, reviews, conditions, triggers, decided, high, measures, editions, parts = found
    counted = dict(rated)
    number, since = severe[0] if severe else (None, None)
    waived = {gate for gate, verb in dict(decided).items() if verb is Verb.WAIVED}
    return {
        "findings": [counted.get(one, 0) for one in (*range(SEVERITIES), None)],
        "severe_number": number,
        "severe_since": since and clock.day_of(since),
        "reviews": [as_plain(one) for one in reviews],
        "conditions": list(conditions),
        "triggers": len(triggers),
        "triggered_on": triggers[0] if triggers else None,
        "waived": sorted(waived),
        "high": high,
        "measures": list(measures),
        **_sheet(editions, parts),
    }


def _sheet(editions: Sequence[Sequence[Any]], parts: int) -> Mapping[str, Any]:
    """Whether one is read by everybody, and since when; else how far the team is."""
    if not editions:
        return {"sheet": "begun" if parts else "", "sheet_on": None}
    published_on, ended_at = editions[0]
    if ended_at is None:
        return {"sheet": "published", "sheet_on": published_on}
    return {"sheet": "withdrawn", "sheet_on": clock.day_of(ended_at)}
