"""What an operator's page lists, of all programmes that the person handles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.funding.agreements import policy
from portal.funding.agreements.models import AgreementState, FundingAgreement, InstalmentState
from portal.funding.agreements.queries import ListedAgreement, LoadedInstalment
from portal.funding.instalments.queries import InstalmentView
from portal.funding.instalments.rules import forecast_payment
from portal.funding.instalments.waiting_queries import list_coming
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project

SOON = timedelta(days=60)
END_MONTHS = 3
LINES_MAX = 50


@dataclass(frozen=True)
class ComingInstalment:
    """An instalment that may be asked soon: the day on which its gates are expected, what it lacks."""

    loaded: LoadedInstalment
    view: InstalmentView
    expected_on: date


def list_coming_soon(actor: Actor) -> Sequence[ComingInstalment]:
    """Instalments that are with their team and expected within two months, the first ones first."""
    today = clock.today()
    coming = []
    for loaded, view in list_coming(actor):
        expected_on, _latest = forecast_payment(loaded.row.due_on, loaded.row.gates, view.gates, today)
        is_with_team = loaded.row.state in {InstalmentState.PLANNED, InstalmentState.RETURNED}
        if is_with_team and expected_on <= today + SOON:
            coming.append(ComingInstalment(loaded, view, expected_on))
    return sorted(coming, key=lambda each: each.expected_on)[:LINES_MAX]


def list_ending(actor: Actor) -> Sequence[ListedAgreement]:
    """Agreements that end within three months, or have ended without being closed; first ones first."""
    until = months_after(clock.today(), END_MONTHS)
    statement = (
        select(FundingAgreement, Project)
        .join(Project, Project.id == FundingAgreement.project_id)
        .where(
            policy.handled_by(actor),
            FundingAgreement.state.in_((AgreementState.SIGNED, AgreementState.AMENDED)),
            FundingAgreement.ends_on <= until,
        )
        .order_by(FundingAgreement.ends_on, Project.organisation_fold)
        .limit(LINES_MAX)
    )
    return [ListedAgreement(*row) for row in db.session.execute(statement)]
