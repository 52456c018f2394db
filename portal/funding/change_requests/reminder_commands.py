"""Reminders: an agreement that ends in three, two or one months; a request without an answer for two.

Silence decides nothing: a reminder is a line of the trail that notifies.
"""

from datetime import date

from sqlalchemy import select

from portal.funding.agreements.commands import funding_path
from portal.funding.agreements.models import AgreementState, FundingAgreement
from portal.funding.change_requests.models import ChangeState, FundingChange
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db
from portal.platform.kernel.history import was_recorded_since
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path

ENDS_IN = {months: audit.Action(f"agreement.ends_in_{months}") for months in (3, 2, 1)}
RECALLED = audit.Action("change.recalled")
PATIENCE_MONTHS = 2


def record_due_reminders(today: date) -> int:
    """Record the reminders that are due and were not recorded; returns how many."""
    return _record_agreement_end_reminders(today) + _record_pending_request_reminders(today)


def _record_agreement_end_reminders(today: date) -> int:
    statement = (
        select(FundingAgreement, Project)
        .join(Project, Project.id == FundingAgreement.project_id)
        .where(
            FundingAgreement.state.in_((AgreementState.SIGNED, AgreementState.AMENDED)),
            FundingAgreement.ends_on >= today,
            FundingAgreement.ends_on <= months_after(today, max(ENDS_IN)),
        )
    )
    count = 0
    for agreement, project in db.session.execute(statement).all():
        ends_on = agreement.ends_on or today
        months = min(n for n in ENDS_IN if ends_on <= months_after(today, n))
        since = clock.end_of_day(months_after(ends_on, -months - 1))
        if not was_recorded_since(agreement.id, ENDS_IN[months].code, since):
            facts = {"path": funding_path(project)}
            audit.record(None, ENDS_IN[months], agreement, scope_id=project.id, facts=facts)
            count += 1
    return count


def _record_pending_request_reminders(today: date) -> int:
    statement = (
        select(FundingChange, Project)
        .join(Project, Project.id == FundingChange.project_id)
        .where(FundingChange.state.in_((ChangeState.FILED, ChangeState.EXAMINED)))
    )
    count = 0
    for change, project in db.session.execute(statement).all():
        is_due = months_after(clock.day_of(change.created_at), PATIENCE_MONTHS) <= today
        if is_due and not was_recorded_since(change.id, RECALLED.code, change.created_at):
            facts = {"path": row_path(project, change), "number": change.number}
            audit.record(None, RECALLED, change, scope_id=project.id, facts=facts)
            count += 1
    return count
