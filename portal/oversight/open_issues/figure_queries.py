"""Read the open issues of one project from the features that own them, in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.ethics.rereviews.models import OPEN_TRIGGERS, Trigger
from portal.ethics.reviews.models import Review, ReviewCondition
from portal.ethics.reviews.register_queries import UNMET_CONDITIONS
from portal.ethics.risks.level_rules import HIGH_FROM
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS, RISK_SCORE
from portal.ethics.transparency.models import Publication, StoredTransparencyPart
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.open_issues.figure_rules import SEVERITIES, ReviewSnapshot, review_as_plain
from portal.platform.kernel import clock
from portal.platform.kernel.subqueries import fetch_scalar_subqueries, rows_subquery
from portal.user_tests.findings.models import SEVERE, Finding

_project: Any = bindparam("project")
_open_findings = Finding.project_id == _project, Finding.closed_at.is_(None)
_open_risks = Risk.project_id == _project, Risk.closed_at.is_(None)


def _as_tuple(*values: Any) -> tuple[Any, ...]:
    return values


def _build_review_snapshot(
    number: int, kind: str, state: str, submitted: datetime | None, decided: datetime | None
) -> ReviewSnapshot:
    days = (moment and clock.day_of(moment) for moment in (submitted, decided))
    return ReviewSnapshot(number, kind, str(state), *days)


_FIGURES = (
    rows_subquery(
        select(Finding.severity, func.count().label("n")).where(*_open_findings).group_by(Finding.severity),
        _as_tuple,
    ),
    rows_subquery(
        select(Finding.number, Finding.created_at)
        .where(*_open_findings, Finding.severity >= SEVERE)
        .order_by(Finding.created_at, Finding.number)
        .limit(1),
        _as_tuple,
    ),
    rows_subquery(
        select(Review.number, Review.kind, Review.state, Review.submitted_at, Review.decided_at)
        .where(Review.project_id == _project, Review.discarded_at.is_(None))
        .order_by(Review.number),
        _build_review_snapshot,
    ),
    rows_subquery(
        select(ReviewCondition.due_on)
        .where(ReviewCondition.project_id == _project, UNMET_CONDITIONS)
        .order_by(ReviewCondition.due_on),
        date.isoformat,
    ),
    rows_subquery(
        select(Trigger.happened_at)
        .where(Trigger.project_id == _project, OPEN_TRIGGERS)
        .order_by(Trigger.happened_at),
        clock.day_of,
    ),
    rows_subquery(
        select(GateDecision.gate, GateDecision.verb)
        .where(
            GateDecision.project_id == _project, GateDecision.verb.in_((GateVerb.WAIVED, GateVerb.RESTORED))
        )
        .order_by(GateDecision.created_at, GateDecision.id),
        _as_tuple,
    ),
    select(func.count()).where(*_open_risks, RISK_SCORE >= HIGH_FROM).scalar_subquery(),
    rows_subquery(
        select(Mitigation.due_on)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .where(*_open_risks, OPEN_MITIGATIONS, Mitigation.due_on.is_not(None))
        .order_by(Mitigation.due_on),
        date.isoformat,
    ),
    rows_subquery(
        select(Publication.published_on, Publication.ended_at)
        .where(Publication.project_id == _project)
        .order_by(Publication.number.desc())
        .limit(1),
        _as_tuple,
    ),
    select(func.count()).where(StoredTransparencyPart.project_id == _project).scalar_subquery(),
)


def read_figures(project_id: UUID) -> dict[str, Any]:
    """The columns of the project's row of `StoredIssueFigures`."""
    results = fetch_scalar_subqueries(_FIGURES, project=project_id)
    counts, severe, reviews, conditions, triggers, waivers, high, measures, editions, parts = results
    by_severity = dict(counts)
    number, since = severe[0] if severe else (None, None)
    waived = {gate for gate, verb in dict(waivers).items() if verb is GateVerb.WAIVED}
    return {
        "findings": [by_severity.get(severity, 0) for severity in (*range(SEVERITIES), None)],
        "severe_number": number,
        "severe_since": since and clock.day_of(since),
        "reviews": [review_as_plain(review) for review in reviews],
        "conditions": list(conditions),
        "triggers": len(triggers),
        "triggered_on": triggers[0] if triggers else None,
        "waived": sorted(waived),
        "high": high,
        "measures": list(measures),
        **_read_transparency_sheet_state(editions, parts),
    }


def _read_transparency_sheet_state(editions: Sequence[Sequence[Any]], parts: int) -> Mapping[str, Any]:
    """The state of the transparency sheet, and since when."""
    if not editions:
        return {"sheet": "begun" if parts else "", "sheet_on": None}
    published_on, ended_at = editions[0]
    if ended_at is None:
        return {"sheet": "published", "sheet_on": published_on}
    return {"sheet": "withdrawn", "sheet_on": clock.day_of(ended_at)}
