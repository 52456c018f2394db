"""What an operator's page lists, of all programmes that the person handles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from portal.funding.agreements import policy
from portal.funding.agreements.models import AgreementState, FundingAgreement, InstalmentState
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments.labels import describe_awaited
from portal.funding.instalments.queries import InstalmentWithNeeds
from portal.funding.instalments.rules import forecast_payment_day_range
from portal.funding.instalments.waiting_queries import list_coming_instalments
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
    """An instalment that may be asked soon, in plain values: the day on which its gates are expected,
    what it lacks in a few words."""

    slug: str
    team: str
    number: int
    amount_cents: int
    lacks: str
    expected_on: date


@dataclass(frozen=True)
class EndingAgreement:
    """An agreement that ends soon."""

    slug: str
    team: str
    ends_on: date


def list_instalments_expected_soon(actor: Actor) -> Sequence[ComingInstalment]:
    """Instalments that are with their team and expected within two months, the first ones first."""
    today = clock.today()
    coming = []
    for loaded, view in list_coming_instalments(actor):
        expected_on, _latest = forecast_payment_day_range(
            loaded.row.due_on, loaded.row.gates, view.gates, max(today, loaded.agreement.starts_on or today)
        )
        is_with_team = loaded.row.state in {InstalmentState.PLANNED, InstalmentState.RETURNED}
        if is_with_team and expected_on <= today + SOON:
            coming.append((expected_on, loaded, view))
    coming.sort(key=lambda each: each[0])
    return [_build_coming_instalment(*each) for each in coming[:LINES_MAX]]


def _build_coming_instalment(
    expected_on: date, loaded: LoadedInstalment, view: InstalmentWithNeeds
) -> ComingInstalment:
    project, row = loaded.project, loaded.row
    return ComingInstalment(
        project.slug, project.short_name, row.number, row.amount_cents, describe_awaited(view), expected_on
    )


@dataclass(frozen=True)
class AgreementToPrepare:
    """A project that goes on without a signed agreement; `is_begun` once one is in preparation."""

    slug: str
    team: str
    is_begun: bool


def list_agreements_to_prepare(actor: Actor) -> Sequence[AgreementToPrepare]:
    """Projects that go on and whose amount is not committed, by organisation."""
    statement = (
        select(Project, FundingAgreement.id)
        .outerjoin(FundingAgreement, FundingAgreement.project_id == Project.id)
        .where(
            policy.handled_by_condition(actor),
            Project.finished_on.is_(None),
            Project.stopped_on.is_(None),
            FundingAgreement.committed_at.is_(None),
            or_(FundingAgreement.id.is_(None), FundingAgreement.state != AgreementState.ENDED),
        )
        .order_by(Project.organisation_fold, Project.slug)
        .limit(LINES_MAX)
    )
    rows = db.session.execute(statement)
    return [AgreementToPrepare(project.slug, project.short_name, id_ is not None) for project, id_ in rows]


def list_ending_agreements(actor: Actor) -> Sequence[EndingAgreement]:
    """Agreements that end within three months, or have ended without being closed; first ones first."""
    until = months_after(clock.today(), END_MONTHS)
    statement = (
        select(Project, FundingAgreement.ends_on)
        .join(FundingAgreement, Project.id == FundingAgreement.project_id)
        .where(
            policy.handled_by_condition(actor),
            FundingAgreement.state.in_((AgreementState.SIGNED, AgreementState.AMENDED)),
            FundingAgreement.ends_on <= until,
        )
        .order_by(FundingAgreement.ends_on, Project.organisation_fold)
        .limit(LINES_MAX)
    )
    rows = db.session.execute(statement)
    return [
        EndingAgreement(project.slug, project.short_name, ends_on) for project, ends_on in rows if ends_on
    ]
