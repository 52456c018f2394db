"""Findings that a team should not have to look for: severe and open, or shown by a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from portal.backlog.models import Item
from portal.findings import policy
from portal.findings.listing import OPEN, ORDERS, Listed, Sort, all_of, line_of, told
from portal.findings.models import SEVERE, Finding, Retest, Retested
from portal.findings.standing import STANDING, Standing
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.projects.models import Project
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound

# Who has corrected it has nothing left to take into a sprint.
TO_CORRECT = (Standing.SEEN_AGAIN, Standing.OPEN, Standing.DROPPED, Standing.PLANNED)

SHOWN = 3  # of what is severe, where a team looks for something else


@dataclass(frozen=True)
class OfRound:
    """What a round showed: the first lines of what is open, and how long the whole is."""

    lines: Sequence[Listed]
    total: int
    open: int


def list_pressing(actor: Actor, project: Project, limit: int) -> Sequence[Listed]:
    """What is open and severe, the most severe first."""
    return _list_severe(actor, project, limit)


def list_uncorrected(
    actor: Actor, project: Project, sprint: Sprint, limit: int
) -> Sequence[Listed]:
    """The same, as long as it waits for a correction that a sprint does not hold."""
    elsewhere = or_(Item.iteration_id.is_(None), Item.iteration_id != sprint.id)
    return _list_severe(actor, project, limit, elsewhere, STANDING.in_(TO_CORRECT))


def _list_severe(
    actor: Actor, project: Project, limit: int, *conditions: ColumnElement[bool]
) -> Sequence[Listed]:
    severe = all_of(actor, project).where(OPEN, Finding.severity >= SEVERE, *conditions)
    ordered = told(severe).order_by(*ORDERS[Sort.SEVERITY]).limit(limit)
    return [line_of(row) for row in db.session.execute(ordered)]


def read_of_round(actor: Actor, project: Project, round_: TestRound, limit: int) -> OfRound:
    """What a round showed first, and what it showed again; in one statement."""
    again = select(Retest.finding_id).where(
        Retest.round_id == round_.id, Retest.result == Retested.STILL_THERE
    )
    shown = all_of(actor, project).where(
        Finding.merged_into_id.is_(None),
        or_(Finding.round_id == round_.id, Finding.id.in_(again)),
    )
    counts = func.count().over(), func.sum(case((OPEN, 1), else_=0)).over()
    ordered = told(shown).add_columns(*counts).order_by(~OPEN, *ORDERS[Sort.SEVERITY])
    rows = db.session.execute(ordered.limit(limit)).all()
    lines = [line_of(row[:-2]) for row in rows if row[0].closed_at is None]
    total, open_ = rows[0][-2:] if rows else (0, 0)
    return OfRound(lines, total, open_)


def count_severe(actor: Actor, project_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many are open and severe, by project; those that have one."""
    severe = (
        select(Finding.project_id, func.count())
        .where(OPEN, Finding.severity >= SEVERE, Finding.project_id.in_(project_ids))
        .where(policy.visible_within(actor, Finding.project_id))
        .group_by(Finding.project_id)
    )
    return {row[0]: row[1] for row in db.session.execute(severe)}
