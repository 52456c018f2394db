"""Reading one risk and what is done about it. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.files.queries import count_of_each
from portal.findings.models import Finding
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import get_one, of_project
from portal.risks.models import Mitigation, Progress, Risk

MITIGATIONS_MAX = 200  # of one risk, on its page


@dataclass(frozen=True)
class Told:
    """A risk with all that its page says of it."""

    risk: Risk
    finding: Finding | None
    closed_by: str | None


@dataclass(frozen=True)
class Done:
    """A mitigation, the names of its owner and of who ended it, and how many files prove it."""

    mitigation: Mitigation
    owner: str | None
    settled_by: str | None
    files: int

    @property
    def has_proof(self) -> bool:
        return bool(self.mitigation.proof_link or self.files)


def get_risk(actor: Actor, project: Project, number: int) -> Risk:
    return get_one(actor, Risk, project, number)


def read_risk(actor: Actor, project: Project, number: int) -> Told:
    """Raises `NotFound`."""
    one = (
        of_project(actor, Risk, project)
        .where(Risk.number == number)
        .add_columns(Finding, Person.name)
        .outerjoin(Finding, Finding.id == Risk.finding_id)
        .outerjoin(Person, Person.id == Risk.closed_by_id)
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Told(*found)


def get_mitigation(actor: Actor, project: Project, number: int) -> tuple[Mitigation, Risk]:
    """A mitigation and what it is about. Raises `NotFound`."""
    one = (
        of_project(actor, Mitigation, project)
        .where(Mitigation.number == number)
        .add_columns(Risk)
        .join(Risk, Risk.id == Mitigation.risk_id)
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def list_done(risk: Risk) -> Sequence[Done]:
    """What is done about a risk that the caller may see, in the order in which it was decided."""
    found = db.session.scalars(
        select(Mitigation)
        .where(Mitigation.risk_id == risk.id)
        .order_by(Mitigation.number)
        .limit(MITIGATIONS_MAX)
    ).all()
    return _with_proofs(found)


def read_done(mitigation: Mitigation) -> Done:
    """The same of one that the caller may see."""
    return _with_proofs([mitigation])[0]


def _with_proofs(found: Sequence[Mitigation]) -> Sequence[Done]:
    files = count_of_each(Mitigation.__tablename__, [one.id for one in found])
    names = _names([one.owner_id for one in found] + [one.settled_by_id for one in found])
    return [
        Done(
            one,
            names.get(one.owner_id),
            names.get(one.settled_by_id),
            files.get(one.id, 0),
        )
        for one in found
    ]


def _names(ids: Sequence[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def count_in_place(risk: Risk) -> int:
    mine = select(func.count()).where(
        Mitigation.risk_id == risk.id, Mitigation.progress == Progress.IN_PLACE
    )
    return db.session.scalar(mine) or 0


def list_ids(risk: Risk) -> Sequence[UUID]:
    """The risk's own id and those of its mitigations, for its history."""
    mine = select(Mitigation.id).where(Mitigation.risk_id == risk.id)
    return [risk.id, *db.session.scalars(mine.order_by(Mitigation.number))]


def list_of_finding(actor: Actor, project: Project, finding: Finding) -> Sequence[Risk]:
    """Risks that a finding showed."""
    mine = of_project(actor, Risk, project).where(Risk.finding_id == finding.id)
    return db.session.scalars(mine.order_by(Risk.number).limit(MITIGATIONS_MAX)).all()
