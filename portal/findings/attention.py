"""Findings that a team should not have to look for: severe and open, or shown by a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select

from portal.backlog.models import Item
from portal.findings import policy
from portal.findings.listing import OPEN, ORDERS, Sort
from portal.findings.models import SEVERE, Finding, Retest, Retested
from portal.findings.standing import SEEN, STANDING, Standing
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.lists import rows_of
from portal.projects.models import Project
from portal.prototypes.models import PrototypeVersion
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound

# Who has corrected it has nothing left to take into a sprint.
TO_CORRECT = (Standing.SEEN_AGAIN, Standing.OPEN, Standing.DROPPED, Standing.PLANNED)

SHOWN = 3  # of what is severe, where a team looks for something else


@dataclass(frozen=True)
class Pressing:
    """A finding in a line: with the numbers of its round and version, and in how many sessions it
    was seen."""

    number: int
    what: str
    severity: int | None
    is_harm: bool
    standing: str  # a `Standing`
    round: int
    version: int
    seen: int


@dataclass(frozen=True)
class OfRound:
    """What a round showed: the first lines of what is open, and how long the whole is."""

    lines: Sequence[Pressing]
    total: int
    open: int


def pressing_findings(limit: int) -> Any:
    """`Pressing` of the project that is bound as `project`, the most severe first: a list for a
    statement of whoever sees the project."""
    mine = Finding.project_id == bindparam("project")
    return rows_of(_severe(_told().where(mine)).limit(limit), Pressing)


def list_uncorrected(
    actor: Actor, project: Project, sprint: Sprint, limit: int
) -> Sequence[Pressing]:
    """What is open and severe, as long as it waits for a correction that a sprint does not hold."""
    elsewhere = or_(Item.iteration_id.is_(None), Item.iteration_id != sprint.id)
    waiting = _of(actor, project).where(elsewhere, STANDING.in_(TO_CORRECT))
    return [Pressing(*row) for row in db.session.execute(_severe(waiting).limit(limit))]


def read_of_round(actor: Actor, project: Project, round_: TestRound, limit: int) -> OfRound:
    """What a round showed first, and what it showed again; in one statement."""
    again = select(Retest.finding_id).where(
        Retest.round_id == round_.id, Retest.result == Retested.STILL_THERE
    )
    shown = _of(actor, project).where(
        Finding.merged_into_id.is_(None),
        or_(Finding.round_id == round_.id, Finding.id.in_(again)),
    )
    counts = OPEN, func.count().over(), func.sum(case((OPEN, 1), else_=0)).over()
    ordered = shown.add_columns(*counts).order_by(~OPEN, *ORDERS[Sort.SEVERITY])
    rows = db.session.execute(ordered.limit(limit)).all()
    lines = [Pressing(*row[:-3]) for row in rows if row[-3]]
    total, open_ = rows[0][-2:] if rows else (0, 0)
    return OfRound(lines, total, open_)


def _told() -> Select[Any]:
    """The columns of `Pressing`, of any project."""
    return (
        select(
            Finding.number,
            Finding.what,
            Finding.severity,
            Finding.is_harm,
            STANDING,
            TestRound.number,
            PrototypeVersion.number,
            SEEN,
        )
        .outerjoin(Item, Item.id == Finding.item_id)
        .join(TestRound, TestRound.id == Finding.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    )


def _of(actor: Actor, project: Project) -> Select[Any]:
    visible = policy.visible_within(actor, Finding.project_id)
    return _told().where(Finding.project_id == project.id, visible)


def _severe(chosen: Select[Any]) -> Select[Any]:
    return chosen.where(OPEN, Finding.severity >= SEVERE).order_by(*ORDERS[Sort.SEVERITY])
