"""Dates of instalments and ends of agreements, for teams and for operators."""

from typing import Any

from sqlalchemy import literal, select

from portal.communication.calendar.entry_queries import PERSON, PROJECTS, SINCE, CalendarSource
from portal.funding.agreements import policy
from portal.funding.agreements.models import OVER, AgreementState, FundingAgreement, Instalment
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

_OPERATED = select(Project.id).join(
    RoleAssignment,
    (RoleAssignment.scope_id == Project.programme_id)
    & (RoleAssignment.role == policy.OPERATOR)
    & (RoleAssignment.person_id == PERSON),
)


def _select_calendar_dates(model: Any, day: Any, number: Any, *conditions: Any) -> Any:
    columns = (
        model.id,
        model.project_id.label("scope_id"),
        day.label("starts_on"),
        day.label("ends_on"),
        number.label("number"),
        literal("").label("name"),
    )
    within = model.project_id.in_(PROJECTS) | model.project_id.in_(_OPERATED)
    return select(*columns).where(within, day >= SINCE, *conditions)


DATES = (
    CalendarSource(
        "instalment",
        _l("%(place)s : tranche %(number)s"),
        "/projects/{slug}/funding/instalments/{number}",
        _select_calendar_dates(
            Instalment, Instalment.due_on, Instalment.number, Instalment.state.not_in(OVER)
        ),
    ),
    CalendarSource(
        "agreement",
        _l("%(place)s : fin de la convention"),
        "/projects/{slug}/funding",
        _select_calendar_dates(
            FundingAgreement,
            FundingAgreement.ends_on,
            literal(0),
            FundingAgreement.committed_at.is_not(None),
            FundingAgreement.state != AgreementState.ENDED,
        ),
    ),
)
