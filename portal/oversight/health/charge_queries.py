"""Charges of signals: who took charge of what. The caller was allowed to see the project."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.models import HealthFigures, SignalCharge
from portal.oversight.health.signal_rules import Charge, Charges
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, db, fetch_rows
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project

_IS_KNOWN = SignalCharge.created_at <= bindparam("until")
# Columns of `make_charge`, the latest edition last.
CHARGES = (
    select(
        SignalCharge.code,
        SignalCharge.edition,
        SignalCharge.created_at,
        SignalCharge.taken_on,
        SignalCharge.text,
        SignalCharge.until,
        Person.name,
    )
    .join(Person, Person.id == SignalCharge.taken_by_id)
    .order_by(SignalCharge.edition)
)


def make_charge(code: Any, *values: Any) -> Charge:
    """Return the charge of a row of `CHARGES`."""
    return Charge(SignalCode(code), *values)


def select_charges(model: type[Base], project_id: Any) -> Any:
    """A subquery: the charges of the project of a row of `model`, until the moment `until`."""
    conditions = SignalCharge.project_id == project_id, _IS_KNOWN
    return rows_subquery(CHARGES.where(*conditions), make_charge, correlated=[model])


LAST_CHARGES = select_charges(HealthFigures, HealthFigures.project_id)


def pick_last_charges(charges: Sequence[Charge]) -> Charges:
    """Return the last charge of each signal."""
    return {charge.code: charge for charge in charges}


def find_last_charge(project: Project, code: SignalCode) -> Charge | None:
    """Return the last charge of a signal, in force or not."""
    return pick_last_charges(list_charges(project)).get(code)


def find_charge_row_with_values(
    project: Project, charge: Charge | None, person_id: UUID, text: str, until: date
) -> SignalCharge | None:
    """Return the row of a charge if this person took it with this text until this day."""
    if charge is None or (charge.text, charge.until) != (text, until):
        return None
    statement = select(SignalCharge).where(
        SignalCharge.project_id == project.id,
        SignalCharge.code == charge.code,
        SignalCharge.edition == charge.edition,
        SignalCharge.taken_by_id == person_id,
    )
    return db.session.scalar(statement)


def list_charges(project: Project, until: datetime | None = None) -> Sequence[Charge]:
    """Return all charges of a project until a moment (now), in order of their editions."""
    parameters = {"project": project.id, "until": until or clock.now()}
    return [make_charge(*row) for row in fetch_rows(_OF_PROJECT, parameters)]


_OF_PROJECT = CHARGES.where(SignalCharge.project_id == bindparam("project"), _IS_KNOWN)
