"""Findings to show on other pages: severe and open ones, and those of a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select

from portal.platform.kernel.database import db
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.list_queries import OPEN, ORDERS, FindingSort
from portal.user_tests.findings.models import SEVERE, Finding, Retest, RetestResult
from portal.user_tests.findings.state_queries import FINDING_STATE, SESSION_COUNT, FindingState
from portal.user_tests.rounds.models import TestRound

# States in which a correction is still to be planned or done.
STATES_TO_CORRECT = (
    FindingState.STILL_PRESENT,
    FindingState.OPEN,
    FindingState.DROPPED,
    FindingState.PLANNED,
)

SEVERITIES = (4, 3, 2, 1, 0)
SEVERE_FINDINGS_MAX = 3  # severe findings on a page about something else


@dataclass(frozen=True)
class FindingSummary:
    """A finding in a line. `round` and `version` are numbers; `session_count`: sessions that showed
    it."""

    number: int
    summary: str
    severity: int | None
    is_harm: bool
    state: str  # a `FindingState`
    round: int
    version: int
    session_count: int


@dataclass(frozen=True)
class RoundFindings:
    """Findings of a round: the first open ones, the counts of all and of open ones, and how many
    have each severity (None: not rated)."""

    lines: Sequence[FindingSummary]
    total: int
    open: int
    counts: Mapping[int | None, int]


def has_earlier_findings(project: Project, round_: TestRound) -> bool:
    """Whether findings come from a version before the one that a round is about."""
    tested = select(PrototypeVersion.number).where(PrototypeVersion.id == round_.prototype_version_id)
    earlier = (
        select(Finding.id)
        .join(TestRound, TestRound.id == Finding.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(
            Finding.project_id == project.id,
            Finding.merged_into_id.is_(None),
            PrototypeVersion.number < tested.scalar_subquery(),
        )
    )
    return bool(db.session.scalar(select(earlier.exists())))


def select_severe_findings(limit: int) -> Any:
    """Return a subquery of `FindingSummary` rows of the bound `project`, the most severe first.

    For a statement that has checked that the actor may see the project.
    """
    same_project = Finding.project_id == bindparam("project")
    return rows_subquery(
        _restrict_to_severe_findings(_select_findings().where(same_project)).limit(limit), FindingSummary
    )


def read_round_findings(project: Project, round_: TestRound, limit: int) -> RoundFindings:
    """Read what a round that the caller may see showed first or showed again, in one statement."""
    parameters = {"project": project.id, "round": round_.id, "most": limit}
    rows = db.session.execute(_ROUND_FINDINGS, parameters).all()
    width = len(fields(FindingSummary))
    lines = [FindingSummary(*row[:width]) for row in rows if row[width]]
    if not rows:
        return RoundFindings(lines, 0, 0, {})
    *rated, total, open_ = rows[0][width + 1 :]
    by_severity: dict[int | None, int] = dict(zip(SEVERITIES, rated, strict=True))
    by_severity[None] = total - sum(rated)
    return RoundFindings(lines, total, open_, by_severity)


def _select_findings() -> Select[Any]:
    """Select the columns of `FindingSummary`, of any project."""
    return (
        select(
            Finding.number,
            Finding.what,
            Finding.severity,
            Finding.is_harm,
            FINDING_STATE,
            TestRound.number,
            PrototypeVersion.number,
            SESSION_COUNT,
        )
        .outerjoin(Item, Item.id == Finding.item_id)
        .join(TestRound, TestRound.id == Finding.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    )


def _restrict_to_severe_findings(findings: Select[Any]) -> Select[Any]:
    return findings.where(OPEN, Finding.severity >= SEVERE).order_by(*ORDERS[FindingSort.SEVERITY])


# Open severe findings whose correction is still to do and is not in the bound `sprint`; for a statement
# that has checked that the actor may see the sprint. One more than is shown, if there are more.
UNCORRECTED_FINDINGS = rows_subquery(
    _restrict_to_severe_findings(
        _select_findings()
        .join(Sprint, Sprint.project_id == Finding.project_id)
        .where(
            Sprint.id == bindparam("sprint"),
            or_(Item.iteration_id.is_(None), Item.iteration_id != Sprint.id),
            FINDING_STATE.in_(STATES_TO_CORRECT),
        )
    ).limit(SEVERE_FINDINGS_MAX + 1),
    FindingSummary,
)


def _select_round_findings() -> Select[Any]:
    """Select the findings of the bound `round`, with the counts of all of them."""
    shown_again_ids = select(Retest.finding_id).where(
        Retest.round_id == bindparam("round"), Retest.result == RetestResult.STILL_THERE
    )
    severities = [func.sum(case((Finding.severity == value, 1), else_=0)).over() for value in SEVERITIES]
    counts = OPEN, *severities, func.count().over(), func.sum(case((OPEN, 1), else_=0)).over()
    return (
        _select_findings()
        .add_columns(*counts)
        .where(
            Finding.project_id == bindparam("project"),
            Finding.merged_into_id.is_(None),
            or_(Finding.round_id == bindparam("round"), Finding.id.in_(shown_again_ids)),
        )
        .order_by(~OPEN, *ORDERS[FindingSort.SEVERITY])
        .limit(bindparam("most"))
    )


_ROUND_FINDINGS = _select_round_findings()
