"""Read the facts of one project from the features that own them. Each part takes one statement, or
those with which gates read the same evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import case, func, select

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.oversight.gates import ethics_evidence_queries, trial_evidence_queries
from portal.oversight.gates.evidence_parameter_queries import PROJECT_PARAMETER, project_parameter_values
from portal.oversight.health.fact_rules import (
    ClosedSprintFacts,
    EthicsFacts,
    HealthFacts,
    OpenIssue,
    SprintFacts,
    UnansweredAdviceSummary,
    UserTestFacts,
)
from portal.oversight.health.gate_step_queries import read_gate_fact_fields
from portal.oversight.health.team_fact_queries import read_contact_facts, read_vacant_key_role_facts
from portal.platform.kernel import clock
from portal.platform.kernel.clock import day_of
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project
from portal.sprints.sprints.models import ASKS_FOR_HELP, BlockerKind, Sprint, SprintOutcome
from portal.user_tests.findings.models import SEVERE, Finding

EXCERPT_MAX = 160  # characters of a sprint's log shown in a list


class HealthFactPart(StrEnum):
    """A part of the facts, read as a whole."""

    STEPS = "steps"  # first: compares the first day with the one stored before FILE
    FILE = "file"
    WORK = "work"
    CONTACT = "contact"
    TESTS = "tests"
    FINDINGS = "findings"
    RISKS = "risks"
    ADVICE = "advice"
    ROLES = "roles"
    ETHICS = "ethics"


ALL_PARTS = frozenset(HealthFactPart)
FactFields = dict[str, Any]  # fields of `HealthFacts`


def gather_facts(
    project: Project, parts: Iterable[HealthFactPart], before: HealthFacts | None
) -> HealthFacts:
    """Return the facts with `parts` read now and the others as in `before` (None: read all). A fact
    without a date of its own keeps the day on which it was first read."""
    facts = before or HealthFacts(project.starts_on, project.ends_on)
    parts_to_read = frozenset(parts) if before else ALL_PARTS
    for part in HealthFactPart:
        if part in parts_to_read:
            facts = replace(facts, **_READERS[part](project, facts))
    if before is None:  # a role vacant at the first reading was vacant from the start
        facts = replace(facts, empty=dict.fromkeys(facts.empty, facts.starts_on))
    return facts


def _read_project_facts(project: Project, _facts: HealthFacts) -> FactFields:
    return {
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "state": project.state.value,
        "rests_since": project.stopped_on or project.finished_on or project.paused_on,
    }


_CLOSED = (
    select(
        Sprint.number,
        Sprint.closed_at,
        Sprint.outcome,
        Sprint.summary,
        Sprint.outlook,
        Sprint.blocker,
        case((Sprint.helped_at.is_(None), ASKS_FOR_HELP), else_=False).label("awaits_help"),
        func.coalesce(Sprint.help_asked_at, Sprint.closed_at).label("help_since"),
        Sprint.help_taken_at,
        Sprint.decision_awaited,
        Sprint.ends_on,
    )
    .where(Sprint.project_id == PROJECT_PARAMETER, Sprint.started_at.is_not(None))
    .order_by(Sprint.ends_on.desc(), Sprint.number.desc())
)


def _read_sprint_facts(project: Project, _facts: HealthFacts) -> FactFields:
    sprints = fetch_rows(_CLOSED, project_parameter_values(project))
    closed: list[Any] = [row for row in sprints if row[1] is not None]
    running: Any = next((row for row in sprints if row[1] is None), None)
    last = closed[0] if closed else None
    missed = list(takewhile(lambda row: row[2] is SprintOutcome.MISSED, closed))
    return {
        "work": SprintFacts(
            last=_build_closed_sprint(last, running) if last else None,
            missed_on=tuple(day_of(row[1]) for row in reversed(missed)),
            running=running and running[0],
            running_ends_on=running and running.ends_on,
            help_awaited_since=tuple(
                sorted(
                    day_of(row.help_since)
                    for row in _filter_sprints_awaiting_help(last, running)
                    if not row.help_taken_at
                )
            ),
        )
    }


def _filter_sprints_awaiting_help(*sprints: Any) -> list[Any]:
    """Those whose team waits for help."""
    return [sprint for sprint in sprints if sprint and sprint.awaits_help]


def _build_closed_sprint(row: Any, running: Any) -> ClosedSprintFacts:
    """The last closed sprint; help counts that was asked for at its close or since."""
    waiting = _filter_sprints_awaiting_help(row, running)
    unclaimed = [sprint for sprint in waiting if not sprint.help_taken_at]
    return ClosedSprintFacts(
        number=row.number,
        on=day_of(row.closed_at),
        outcome=row.outcome.value,
        summary=row.summary[:EXCERPT_MAX],
        outlook=row.outlook.value if row.outlook else "",
        blocker="" if row.blocker is BlockerKind.NONE else row.blocker.value,
        help_wanted=bool(waiting),
        help_since=min((day_of(sprint.help_since) for sprint in unclaimed or waiting), default=None),
        help_taken=bool(waiting) and not unclaimed,
        decision_awaited=row.decision_awaited[:EXCERPT_MAX],
    )


def _read_test_facts(project: Project, _facts: HealthFacts) -> FactFields:
    rounds = trial_evidence_queries.read_test_round_evidence(project).get("rounds", ())
    attended_rounds = [round_ for round_ in rounds if round_.sessions]
    if not attended_rounds:
        return {"tests": UserTestFacts()}
    last = attended_rounds[-1]
    return {
        "tests": UserTestFacts(
            last_on=max((round_.last_on for round_ in attended_rounds if round_.last_on), default=None),
            round=last.number,
            version=last.version,
            sessions=last.sessions,
            primary=last.primary,
        )
    }


_SEVERE = (
    select(Finding.number, Finding.created_at, Finding.severity)
    .where(Finding.project_id == PROJECT_PARAMETER, Finding.closed_at.is_(None), Finding.severity >= SEVERE)
    .order_by(Finding.severity.desc(), Finding.number)
)


def _read_open_severe_finding_facts(project: Project, _facts: HealthFacts) -> FactFields:
    finding_rows = fetch_rows(_SEVERE, project_parameter_values(project))
    return {
        "findings": tuple(OpenIssue(number, day_of(at), severity) for number, at, severity in finding_rows)
    }


def _read_risk_facts(project: Project, facts: HealthFacts) -> FactFields:
    since_by_number = {risk.number: risk.since for risk in facts.unowned}
    risks = ethics_evidence_queries.read_open_risk_evidence(project)["risks"]
    unowned = [risk.number for risk in risks if risk.is_high_before and not risk.is_owned]
    return {
        "unowned": tuple(OpenIssue(number, since_by_number.get(number, clock.today())) for number in unowned),
        "ethics": replace(facts.ethics, high=sum(risk.is_high_now for risk in risks), risks=len(risks)),
    }


_ADVICE = select(
    func.count(),
    *(
        select(column)
        .where(
            Recommendation.project_id == PROJECT_PARAMETER,
            Recommendation.stage == RecommendationStage.PROPOSED,
        )
        .order_by(Recommendation.created_at, Recommendation.number)
        .limit(1)
        .scalar_subquery()
        for column in (Recommendation.number, Recommendation.created_at)
    ),
    func.count().filter(Recommendation.stage == RecommendationStage.PROPOSED),
).where(Recommendation.project_id == PROJECT_PARAMETER)


def _read_advice_facts(project: Project, _facts: HealthFacts) -> FactFields:
    ((total, number, at, unanswered),) = fetch_rows(_ADVICE, project_parameter_values(project))
    return {"advice": UnansweredAdviceSummary(unanswered, number, at and day_of(at), total)}


def _read_ethics_facts(project: Project, facts: HealthFacts) -> FactFields:
    reviewed = ethics_evidence_queries.read_review_and_trigger_evidence(project)["reviewed"]
    return {
        "ethics": EthicsFacts(
            reviews={
                review.kind: review.outcome or _get_undecided_review_status(review)
                for review in reviewed.reviews
            },
            conditions=sum(review.open_conditions for review in reviewed.reviews),
            triggers=len(reviewed.triggers),
            high=facts.ethics.high,
            risks=facts.ethics.risks,
        )
    }


def _get_undecided_review_status(review: Any) -> str:
    return "submitted" if review.answered else "draft"


_READERS: Mapping[HealthFactPart, Callable[[Project, HealthFacts], FactFields]] = {
    HealthFactPart.STEPS: read_gate_fact_fields,
    HealthFactPart.FILE: _read_project_facts,
    HealthFactPart.WORK: _read_sprint_facts,
    HealthFactPart.CONTACT: read_contact_facts,
    HealthFactPart.TESTS: _read_test_facts,
    HealthFactPart.FINDINGS: _read_open_severe_finding_facts,
    HealthFactPart.RISKS: _read_risk_facts,
    HealthFactPart.ADVICE: _read_advice_facts,
    HealthFactPart.ROLES: read_vacant_key_role_facts,
    HealthFactPart.ETHICS: _read_ethics_facts,
}
