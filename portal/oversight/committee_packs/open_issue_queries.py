"""The severe findings and the high risks of teams that were open at a moment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.ethics.risks.commands import REOPENED
from portal.ethics.risks.level_rules import RiskLevel, find_level
from portal.ethics.risks.models import Risk
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import PastValues, map_past_values_by_row
from portal.user_tests.findings.models import Finding


@dataclass(frozen=True)
class SevereFinding:
    """A finding that was open and severe at the moment."""

    number: int
    severity: int
    description: str
    since: date


@dataclass(frozen=True)
class HighRisk:
    """A risk that was open and high at the moment; without its text: the trail keeps no past texts."""

    number: int
    likelihood: int
    severity: int
    since: date


def read_severe_findings(
    states: Mapping[UUID, HealthSnapshot], ids: Sequence[UUID], moment: datetime
) -> Mapping[UUID, Sequence[SevereFinding]]:
    """The findings that were open and severe in the health reading, the gravest first."""
    open_findings = {
        (id_, finding.number): finding
        for id_ in ids
        if id_ in states
        for finding in states[id_].facts.findings
    }
    numbers = {number for _id, number in open_findings}
    statement = select(Finding.id, Finding.project_id, Finding.number, Finding.what).where(
        Finding.project_id.in_(ids), Finding.number.in_(numbers)
    )
    rows = [row for row in db.session.execute(statement) if (row[1], row[2]) in open_findings]
    then = map_past_values_by_row([row[0] for row in rows], moment)
    findings: dict[UUID, list[SevereFinding]] = defaultdict(list)
    for id_, project_id, number, text in rows:
        open_finding = open_findings[project_id, number]
        description = then[id_].get("what", text)
        findings[project_id].append(
            SevereFinding(number, open_finding.severity, description, open_finding.since)
        )
    return {
        id_: sorted(team_findings, key=lambda finding: (-finding.severity, finding.since, finding.number))
        for id_, team_findings in findings.items()
    }


def read_high_risks(ids: Sequence[UUID], moment: datetime) -> Mapping[UUID, Sequence[HighRisk]]:
    """The risks that were open and high, by number."""
    statement = select(Risk).where(Risk.project_id.in_(ids), Risk.created_at <= moment)
    risks = db.session.scalars(statement.order_by(Risk.number)).all()
    then = map_past_values_by_row([row.id for row in risks], moment)
    high_risks: dict[UUID, list[HighRisk]] = defaultdict(list)
    for risk in risks:
        high = _build_high_risk(risk, then[risk.id], moment)
        if high is not None:
            high_risks[risk.project_id].append(high)
    return high_risks


def _build_high_risk(risk: Risk, then: PastValues, moment: datetime) -> HighRisk | None:
    is_closed = risk.closed_at is not None and risk.closed_at <= moment
    if is_closed or then.get("") == REOPENED.code:
        return None
    steps = {name: then.get(name, getattr(risk, name)) for name in _RISK_FIELDS}
    likelihood = steps["residual_likelihood"] or steps["likelihood"]
    severity = steps["residual_severity"] or steps["severity"]
    if find_level(likelihood, severity) is not RiskLevel.HIGH:
        return None
    return HighRisk(risk.number, likelihood, severity, clock.day_of(risk.created_at))


_RISK_FIELDS = ("likelihood", "severity", "residual_likelihood", "residual_severity")
