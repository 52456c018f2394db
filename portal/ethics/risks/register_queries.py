"""Reads the register of risks, the matrix, late mitigations and figures of a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select

from portal.ethics.risks.level_rules import HIGH_FROM
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage, select_in_project

MATRIX_MAX = 500  # risks in the matrix
EXPORT_MAX = 5000  # in an export
OPEN_MITIGATIONS = Mitigation.progress.in_([progress for progress in MitigationState if progress.is_open])
RISK_SCORE = func.coalesce(Risk.residual_likelihood, Risk.likelihood) * func.coalesce(
    Risk.residual_severity, Risk.severity
)
INITIAL_SCORE = Risk.likelihood * Risk.severity
GUARDED_MITIGATIONS = and_(
    Mitigation.progress != MitigationState.DROPPED,
    Mitigation.owner_id.is_not(None),
    Mitigation.due_on.is_not(None),
)


@dataclass(frozen=True)
class RiskRow:
    """A risk with its numbers of mitigations, dropped ones excluded."""

    risk: Risk
    in_place: int
    open: int
    late: int
    guarded: int  # has an owner and a due date

    @property
    def total(self) -> int:
        return self.in_place + self.open


@dataclass(frozen=True)
class OverdueMitigation:
    """A late mitigation, its risk, and the name of its owner if any."""

    mitigation: Mitigation
    risk: Risk
    owner: str | None


def _late_mitigation_condition() -> Any:
    return and_(OPEN_MITIGATIONS, Mitigation.due_on < clock.today())


def _select_risk_rows(actor: Actor, project: Project) -> Any:
    def count_risks(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counted = (
        select(
            Mitigation.risk_id,
            count_risks(Mitigation.progress == MitigationState.IN_PLACE).label("in_place"),
            count_risks(OPEN_MITIGATIONS).label("open"),
            count_risks(_late_mitigation_condition()).label("late"),
            count_risks(GUARDED_MITIGATIONS).label("guarded"),
        )
        .where(Mitigation.project_id == project.id)
        .group_by(Mitigation.risk_id)
        .subquery()
    )
    figures = [func.coalesce(counted.c[name], 0) for name in ("in_place", "open", "late", "guarded")]
    late = case((Risk.closed_at.is_(None), figures[2]), else_=0)
    return (
        select_in_project(actor, Risk, project)
        .add_columns(*figures[:2], late, figures[3], func.count().over())
        .outerjoin(counted, counted.c.risk_id == Risk.id)
        .order_by(Risk.closed_at.is_not(None), RISK_SCORE.desc(), late.desc(), Risk.number)
    )


def read_register_page(actor: Actor, project: Project, page: int = 1) -> ListPage[RiskRow]:
    """A page of the register: open risks first, the highest first; page 1 beyond the last page."""
    statement = _select_risk_rows(actor, project).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    rows = db.session.execute(statement).all()
    if not rows and page > 1:
        return read_register_page(actor, project)
    return ListPage([RiskRow(*row[:5]) for row in rows], rows[0][5] if rows else 0, page)


def list_all_risk_rows(actor: Actor, project: Project) -> Sequence[RiskRow]:
    """All rows of the register, in the same order."""
    rows = db.session.execute(_select_risk_rows(actor, project).limit(EXPORT_MAX))
    return [RiskRow(*row[:5]) for row in rows]


def list_open_risks(actor: Actor, project: Project) -> Sequence[Risk]:
    """The open risks, by number."""
    statement = select_in_project(actor, Risk, project).where(Risk.closed_at.is_(None))
    return db.session.scalars(statement.order_by(Risk.number).limit(MATRIX_MAX)).all()


def list_overdue_mitigations(
    actor: Actor, project: Project, limit: int = MATRIX_MAX
) -> Sequence[OverdueMitigation]:
    """Open mitigations of open risks past their due date, the longest overdue first."""
    statement = (
        select_in_project(actor, Mitigation, project)
        .add_columns(Risk, Person.name)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .outerjoin(Person, Person.id == Mitigation.owner_id)
        .where(_late_mitigation_condition(), Risk.closed_at.is_(None))
        .order_by(Mitigation.due_on, Mitigation.number)
        .limit(limit)
    )
    return [OverdueMitigation(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class DatedMitigation:
    """An open mitigation with a due date."""

    number: int
    what: str
    due_on: date
    owner_id: UUID | None
    risk: int  # its number


def select_dated_mitigations(limit: int) -> Any:
    """Subquery of `DatedMitigation`s of open risks, nearest first, of the visible project bound as
    `project`."""
    due_mitigations = (
        select(Mitigation.number, Mitigation.what, Mitigation.due_on, Mitigation.owner_id, Risk.number)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .where(
            Mitigation.project_id == bindparam("project"),
            OPEN_MITIGATIONS,
            Mitigation.due_on.is_not(None),
            Risk.closed_at.is_(None),
        )
        .order_by(Mitigation.due_on, Mitigation.number)
    )
    return rows_subquery(due_mitigations.limit(limit), DatedMitigation)


def list_risks_without_assigned_mitigation(actor: Actor, project: Project) -> Sequence[Risk]:
    """Open risks that were high at first, the highest first, without a mitigation that has both an owner
    and a due date."""
    guarded = select(Mitigation.risk_id).where(Mitigation.project_id == project.id, GUARDED_MITIGATIONS)
    statement = select_in_project(actor, Risk, project).where(
        Risk.closed_at.is_(None), INITIAL_SCORE >= HIGH_FROM, Risk.id.not_in(guarded)
    )
    return db.session.scalars(statement.order_by(RISK_SCORE.desc(), Risk.number).limit(MATRIX_MAX)).all()


# Figures of the project bound as `project`, which the caller may see.
_IN_PROJECT = Risk.project_id == bindparam("project")
_OPEN = (_IN_PROJECT, Risk.closed_at.is_(None))
_LATE = (
    select(func.count())
    .select_from(Mitigation)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(*_OPEN, OPEN_MITIGATIONS, Mitigation.due_on < bindparam("today", callable_=clock.today))
)
PROJECT_FIGURES = (
    select(func.count()).where(_IN_PROJECT).scalar_subquery(),
    select(func.count()).where(*_OPEN).scalar_subquery(),
    select(func.count()).where(*_OPEN, RISK_SCORE >= HIGH_FROM).scalar_subquery(),
    _LATE.scalar_subquery(),
)
