"""Operators of a programme with instalments to pay: two, since whoever checks does not pay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.funding.agreements import policy
from portal.funding.agreements.models import (
    OVER,
    AgreementState,
    FundingAgreement,
    Instalment,
    InstalmentState,
)
from portal.funding.instalments.rules import UNDER_REVIEW
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

NEEDED = 2


@dataclass(frozen=True)
class OperatorStaffing:
    """Operators with an open account of a programme that has instalments to pay, and how many of these are
    checked and wait for another person."""

    programme: Programme
    operators: int
    awaiting_payment: int


def to_pay_condition(programme_id: Any) -> ColumnElement[bool]:
    """Whether instalments of a programme are still to be checked or paid."""
    is_open = and_(FundingAgreement.committed_at.is_not(None), FundingAgreement.state != AgreementState.ENDED)
    return (
        exists()
        .where(
            FundingAgreement.id == Instalment.agreement_id,
            Project.id == Instalment.project_id,
            Project.programme_id == programme_id,
            Instalment.state.not_in(OVER),
            or_(is_open, Instalment.state.in_(UNDER_REVIEW)),
        )
        .correlate_except(FundingAgreement, Instalment, Project)
    )


def select_operator_count(programme_id: Any, without: UUID | None = None) -> Any:
    """How many operators with an open account a programme has, `without` a person; a subquery."""
    role, person = aliased(RoleAssignment), aliased(Person)
    statement = (
        select(func.count())
        .select_from(role)
        .join(person, person.id == role.person_id)
        .where(role.scope_id == programme_id, role.role == policy.OPERATOR, person.disabled_at.is_(None))
    )
    return (statement.where(role.person_id != without) if without else statement).scalar_subquery()


def find_short_staffing(programme: Programme, *, without: UUID | None = None) -> OperatorStaffing | None:
    """The staffing of a programme with instalments to pay and too few operators, `without` a person; None
    where there are enough."""
    return next(iter(_list_short_staffings(without, Programme.id == programme.id)), None)


def list_short_staffings_in(programme_ids: Collection[UUID]) -> Sequence[OperatorStaffing]:
    """The staffing of those programmes, among some, that have instalments to pay and too few operators."""
    return _list_short_staffings(None, Programme.id.in_(programme_ids)) if programme_ids else []


def _list_short_staffings(
    without: UUID | None, *conditions: ColumnElement[bool]
) -> Sequence[OperatorStaffing]:
    """The same of all programmes under conditions, by name; one statement."""
    operators = select_operator_count(Programme.id, without)
    checked = (
        select(func.count())
        .select_from(Instalment)
        .join(Project, Project.id == Instalment.project_id)
        .where(Project.programme_id == Programme.id, Instalment.state == InstalmentState.CHECKED)
        .scalar_subquery()
    )
    statement = (
        select(Programme, operators, checked)
        .where(to_pay_condition(Programme.id), operators < NEEDED, *conditions)
        .order_by(Programme.name_fr, Programme.id)
    )
    return [OperatorStaffing(*row) for row in db.session.execute(statement)]


def count_checked_and_paid_by(first_id: UUID, second_id: UUID) -> int:
    """The instalments that one of two accounts checked and the other one paid."""
    pairs = (first_id, second_id), (second_id, first_id)
    either = or_(
        *(
            and_(Instalment.checked_by_id == checker, Instalment.paid_by_id == payer)
            for checker, payer in pairs
        )
    )
    return db.session.scalar(select(func.count()).select_from(Instalment).where(either)) or 0


def list_programmes_losing_operator(goes_id: UUID, stays_id: UUID) -> Sequence[OperatorStaffing]:
    """The programmes of which both accounts are operators, and which then have too few, by name."""
    are_both = [
        Programme.id.in_(
            select(RoleAssignment.scope_id).where(
                RoleAssignment.person_id == person_id, RoleAssignment.role == policy.OPERATOR
            )
        )
        for person_id in (goes_id, stays_id)
    ]
    return _list_short_staffings(goes_id, *are_both)
