"""Findings that a team should not have to look for: severe and open, or shown by a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings import policy
from portal.user_tests.findings.list_queries import OPEN, ORDERS, FindingSort
from portal.user_tests.findings.models import SEVERE, Finding, Retest, RetestResult
from portal.user_tests.findings.state_queries import FINDING_STATE, SESSION_COUNT, FindingState
from portal.user_tests.rounds.models import TestRound

# Who has corrected it has nothing left to take into a sprint.
STATES_TO_CORRECT = (
    FindingState.STILL_PRESENT,
    FindingState.OPEN,
    FindingState.DROPPED,
    FindingState.PLANNED,
)

SEVERE_FINDINGS_MAX = 3  # of what is severe, where a team looks for something else


@dataclass(frozen=True)
class FindingSummary:
    """A finding in a line: with the numbers of its round and version, and in how many sessions it
    was seen."""

    number: int
    summary: str
    severity: int | None
    is_harm: bool
    state: str  # a `Standing`
    round: int
    version: int
    session_count: int


@dataclass(frozen=True)
class RoundFindings:
    """What a round showed: the first lines of what is open, and how long the whole is."""

    lines: Sequence[FindingSummary]
    total: int
    open: int


def select_severe_findings(limit: int) -> Any:
    """`Pressing` of the project that is bound as `project`, the most severe first: a list for a
    statement of whoever sees the project."""
    same_project = Finding.project_id == bindparam("project")
    return rows_subquery(
        _only_severe(_select_findings().where(same_project)).limit(limit), FindingSummary
    )


def list_uncorrected_findings(
    actor: Actor, project: Project, sprint: Sprint, limit: int
) -> Sequence[FindingSummary]:
    """What is open and severe, as long as it waits for a correction that a sprint does not hold."""
    elsewhere = or_(Item.iteration_id.is_(None), Item.iteration_id != sprint.id)
    waiting = _select_visible_findings(actor, project).where(
        elsewhere, FINDING_STATE.in_(STATES_TO_CORRECT)
    )
    return [FindingSummary(*row) for row in db.session.execute(_only_severe(waiting).limit(limit))]


def read_round_findings(
    actor: Actor, project: Project, round_: TestRound, limit: int
) -> RoundFindings:
    """What a round showed first, and what it showed again; in one statement."""
    again = select(Retest.finding_id).where(
        Retest.round_id == round_.id, Retest.result == RetestResult.STILL_THERE
    )
    round_findings = _select_visible_findings(actor, project).where(
        Finding.merged_into_id.is_(None),
        or_(Finding.round_id == round_.id, Finding.id.in_(again)),
    )
    counts = OPEN, func.count().over(), func.sum(case((OPEN, 1), else_=0)).over()
    ordered = round_findings.add_columns(*counts).order_by(~OPEN, *ORDERS[FindingSort.SEVERITY])
    rows = db.session.execute(ordered.limit(limit)).all()
    lines = [FindingSummary(*row[:-3]) for row in rows if row[-3]]
    total, open_ = rows[0][-2:] if rows else (0, 0)
    return RoundFindings(lines, total, open_)


def _select_findings() -> Select[Any]:
    """The columns of `Pressing`, of any project."""
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


def _select_visible_findings(actor: Actor, project: Project) -> Select[Any]:
    visible = policy.visible_within(actor, Finding.project_id)
    return _select_findings().where(Finding.project_id == project.id, visible)


def _only_severe(findings: Select[Any]) -> Select[Any]:
    return findings.where(OPEN, Finding.severity >= SEVERE).order_by(*ORDERS[FindingSort.SEVERITY])
