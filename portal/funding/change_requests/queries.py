"""Change requests, filtered by what the actor may see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.funding.agreements import policy
from portal.funding.agreements.models import FundingAgreement
from portal.funding.agreements.terms_queries import RECOVERY_DAYS, find_funding_terms
from portal.funding.change_requests.models import (
    OPEN_STATES,
    ChangeDecision,
    ChangeMessage,
    ChangeState,
    FundingChange,
    FundingChangeKind,
    GrantedDelay,
)
from portal.funding.change_requests.rules import ChangeMode, find_change_mode
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects.models import Project
from portal.project.projects.to_decide_queries import WAITING_MAX

UNDECIDED = (ChangeState.FILED, ChangeState.EXAMINED, ChangeState.GRANTED)


class LoadedChange(NamedTuple):
    """A request with its project and agreement, loaded in the actor's scope."""

    project: Project
    agreement: FundingAgreement
    row: FundingChange


class UnpaidCommitments(NamedTuple):
    """How many instalments are committed and not wholly paid, and what is left of them in cents."""

    instalment_count: int
    cents: int


def get_change(actor: Actor, slug: str, number: int) -> LoadedChange:
    """A request whose texts the actor reads. Raises `NotFound`."""
    statement = (
        select(Project, FundingAgreement, FundingChange)
        .join(FundingChange, FundingChange.project_id == Project.id)
        .join(FundingAgreement, FundingAgreement.project_id == Project.id)
        .where(
            Project.slug == slug,
            FundingChange.number == number,
            policy.funding_amounts_visible_condition(actor),
        )
    )
    return LoadedChange(*get_row(statement))


_later = aliased(ChangeDecision)
_last = select(func.max(_later.number)).where(_later.change_id == FundingChange.id).scalar_subquery()
_CHANGES = (
    select(FundingChange, ChangeDecision)
    .outerjoin(
        ChangeDecision, (ChangeDecision.change_id == FundingChange.id) & (ChangeDecision.number == _last)
    )
    .where(FundingChange.project_id == bindparam("project"))
    .order_by(FundingChange.number.desc())
)


def list_requests_with_decision(project: Project) -> Sequence[tuple[FundingChange, ChangeDecision | None]]:
    """The requests of a project that the caller was allowed to see, latest first, each with the
    decision that holds."""
    return [(row[0], row[1]) for row in db.session.execute(_CHANGES, {"project": project.id})]


def list_open_changes(project: Project) -> Sequence[FundingChange]:
    """Those that are not over."""
    statement = select(FundingChange).where(
        FundingChange.project_id == project.id, FundingChange.state.in_(OPEN_STATES)
    )
    return db.session.scalars(statement.order_by(FundingChange.number)).all()


def find_abandonment_to_confirm(project: Project) -> FundingChange | None:
    """The abandonment of a project that its sponsor has not confirmed yet, if any."""
    statement = select(FundingChange).where(
        FundingChange.project_id == project.id,
        FundingChange.kind == FundingChangeKind.ABANDONMENT,
        FundingChange.state.in_((ChangeState.FILED, ChangeState.EXAMINED)),
        FundingChange.confirmed_by_id.is_(None),
    )
    return db.session.scalar(statement)


def read_unpaid_commitments(project: Project) -> UnpaidCommitments:
    """What an abandonment would release of a project that the caller was allowed to see."""
    unpaid = [each.remaining for each in read_project_totals_by_instalment(project).values()]
    return UnpaidCommitments(sum(cents > 0 for cents in unpaid), sum(unpaid))


def read_person_name(person_id: UUID | None) -> str:
    """The name of somebody of a request that the caller was allowed to see; "" for nobody."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def list_decisions(change: FundingChange) -> Sequence[tuple[ChangeDecision, str]]:
    """The decisions on a request, latest first, each with who took it."""
    statement = (
        select(ChangeDecision, Person.name)
        .join(Person, Person.id == ChangeDecision.decided_by_id)
        .where(ChangeDecision.change_id == change.id)
        .order_by(ChangeDecision.number.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_messages(change: FundingChange) -> Sequence[tuple[ChangeMessage, str]]:
    """The thread of a request, each message with its author."""
    statement = (
        select(ChangeMessage, Person.name)
        .join(Person, Person.id == ChangeMessage.author_id)
        .where(ChangeMessage.change_id == change.id)
        .order_by(ChangeMessage.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def sum_change_delays(change: FundingChange) -> int:
    """The days by which a request has moved the plan."""
    days = select(func.sum(GrantedDelay.days)).where(GrantedDelay.change_id == change.id)
    return int(db.session.scalar(days) or 0)


def list_project_delays(project_id: UUID) -> Sequence[tuple[date, int]]:
    """The delays granted to a project: from which day, how many days; in order."""
    statement = select(GrantedDelay.from_on, GrantedDelay.days).where(GrantedDelay.project_id == project_id)
    rows = db.session.execute(statement.order_by(GrantedDelay.from_on, GrantedDelay.id))
    return [(row[0], row[1]) for row in rows]


def read_change_modes(programme_id: UUID) -> Mapping[FundingChangeKind, ChangeMode]:
    """What a programme does with each kind of request."""
    terms = find_funding_terms(programme_id)
    return {kind: find_change_mode(terms.change_rules if terms else {}, kind) for kind in FundingChangeKind}


def read_funding_terms(programme: Programme) -> dict[str, Any]:
    """What a programme sets for its funding, by the names of `FundingTerms` and by kind of request;
    its defaults at version 0."""
    row = find_funding_terms(programme.id)
    return {
        **{kind.value: mode for kind, mode in read_change_modes(programme.id).items()},
        "recovery_days": row.recovery_days if row else RECOVERY_DAYS,
        "signatory_name": row.signatory_name if row else "",
        "signatory_function": row.signatory_function if row else "",
        "appeal_terms": row.appeal_terms if row else "",
        "version": row.version if row else 0,
    }


def list_undecided_changes(actor: Actor) -> Sequence[tuple[FundingChange, Project]]:
    """Requests of the programmes that the actor handles and that wait, the oldest first."""
    statement = (
        select(FundingChange, Project)
        .join(Project, Project.id == FundingChange.project_id)
        .where(FundingChange.state.in_(UNDECIDED), policy.handled_by_condition(actor))
        .order_by(FundingChange.created_at, FundingChange.id)
        .limit(WAITING_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_undecided_filing_times_by_project(
    project_ids: Collection[UUID], moment: datetime
) -> Mapping[UUID, Sequence[datetime]]:
    """When the requests that waited at a moment were filed, by project. One statement; the caller
    checked who may see them."""
    closed_later = or_(FundingChange.closed_at.is_(None), FundingChange.closed_at > moment)
    statement = select(FundingChange.project_id, FundingChange.created_at).where(
        FundingChange.project_id.in_(project_ids), FundingChange.created_at <= moment, closed_later
    )
    filed: dict[UUID, list[datetime]] = defaultdict(list)
    for project_id, filed_at in db.session.execute(statement):
        filed[project_id].append(filed_at)
    return filed
