"""Reads a risk and its mitigations, limited to what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.collaboration.files.queries import count_files_by_subject
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_row_with_parent, select_in_project
from portal.user_tests.findings.models import Finding

MITIGATIONS_MAX = 200  # of one risk, on its page


@dataclass(frozen=True)
class RiskWithFinding:
    """A risk, the finding that showed it, and the name of who closed it."""

    risk: Risk
    finding: Finding | None
    closed_by: str | None


@dataclass(frozen=True)
class MitigationWithNames:
    """A mitigation, the names of its owner and of who settled it, and its number of files."""

    mitigation: Mitigation
    owner: str | None
    settled_by: str | None
    files: int

    @property
    def has_proof(self) -> bool:
        return bool(self.mitigation.proof_link or self.files)


def get_risk_with_finding(actor: Actor, project: Project, number: int) -> RiskWithFinding:
    """A risk with its details. Raises `NotFound`."""
    statement = (
        select_in_project(actor, Risk, project)
        .where(Risk.number == number)
        .add_columns(Finding, Person.name)
        .outerjoin(Finding, Finding.id == Risk.finding_id)
        .outerjoin(Person, Person.id == Risk.closed_by_id)
    )
    return RiskWithFinding(*get_row(statement))


def get_mitigation_and_risk(actor: Actor, project: Project, number: int) -> tuple[Mitigation, Risk]:
    """A mitigation and its risk. Raises `NotFound`."""
    return get_row_with_parent(actor, Mitigation, (Risk, Mitigation.risk_id), project, number)


def list_mitigations(risk: Risk) -> Sequence[MitigationWithNames]:
    """The mitigations of a visible risk with their details, by number."""
    mitigations = db.session.scalars(
        select(Mitigation)
        .where(Mitigation.risk_id == risk.id)
        .order_by(Mitigation.number)
        .limit(MITIGATIONS_MAX)
    ).all()
    return _load_mitigations_with_names(mitigations)


def get_mitigation_with_names(mitigation: Mitigation) -> MitigationWithNames:
    """The same of one visible mitigation."""
    return _load_mitigations_with_names([mitigation])[0]


def _load_mitigations_with_names(mitigations: Sequence[Mitigation]) -> Sequence[MitigationWithNames]:
    files = count_files_by_subject(Mitigation.__tablename__, [mitigation.id for mitigation in mitigations])
    names: Mapping[Any, str] = read_person_names(
        id_ for mitigation in mitigations for id_ in (mitigation.owner_id, mitigation.settled_by_id)
    )
    return [
        MitigationWithNames(
            mitigation,
            names.get(mitigation.owner_id),
            names.get(mitigation.settled_by_id),
            files.get(mitigation.id, 0),
        )
        for mitigation in mitigations
    ]


def count_mitigations_in_place(risk: Risk) -> int:
    """How many mitigations of a risk are in place."""
    statement = select(func.count()).where(
        Mitigation.risk_id == risk.id, Mitigation.progress == MitigationState.IN_PLACE
    )
    return db.session.scalar(statement) or 0


def list_history_subject_ids(risk: Risk) -> Sequence[UUID]:
    """The ids of a risk and of its mitigations, for their common history."""
    statement = select(Mitigation.id).where(Mitigation.risk_id == risk.id)
    return [risk.id, *db.session.scalars(statement.order_by(Mitigation.number))]


def list_risks_of_finding(actor: Actor, project: Project, finding: Finding) -> Sequence[Risk]:
    """The risks that a finding showed, by number."""
    statement = select_in_project(actor, Risk, project).where(Risk.finding_id == finding.id)
    return db.session.scalars(statement.order_by(Risk.number).limit(MITIGATIONS_MAX)).all()
