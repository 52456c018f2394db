"""Subqueries on the project bound as `project`: its agreement and instalments, without an amount."""

from sqlalchemy import bindparam, func, select

from portal.funding.agreements.models import FundingAgreement, Instalment, InstalmentState

_OWN = Instalment.project_id == bindparam("project")
_COUNT = select(func.count()).select_from(Instalment).where(_OWN)
_NEXT = Instalment.state.not_in((InstalmentState.PAID, InstalmentState.REFUSED))
FIGURES = (
    _COUNT.scalar_subquery(),
    _COUNT.where(Instalment.state == InstalmentState.PAID).scalar_subquery(),
    select(func.min(Instalment.number)).where(_OWN, _NEXT).scalar_subquery(),
    select(FundingAgreement.signed_on)
    .where(FundingAgreement.project_id == bindparam("project"))
    .scalar_subquery(),
)
