"""The deliberation of a call: its agenda, decisions, publications and appeals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, null, or_, select

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.project.projects.models import Project
from portal.selection.applications import policy as applications
from portal.selection.applications.models import Application, ApplicationState, LeadConflict
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import Call
from portal.selection.deliberation.agenda_rules import AgendaStep, order_agenda
from portal.selection.deliberation.appeal_rules import OPEN_STATES, list_appeal_limits
from portal.selection.deliberation.models import (
    ApplicationAppeal,
    ApplicationDecision,
    CallPublication,
    DecisionKind,
    Deliberation,
    PurgedApplication,
)
from portal.selection.jury.models import InterestDeclaration, JuryAssignment

TO_DECIDE = (ApplicationState.SCORED, ApplicationState.NOT_ELIGIBLE)


@dataclass(frozen=True)
class AgendaApplication:
    """An application on the agenda; `outcome` is what was decided so far, for its leads alone."""

    id: UUID
    number: int
    organisation: str
    title: str
    state: ApplicationState
    outcome: DecisionKind | None
    is_published: bool


Agenda = Sequence[AgendaStep[AgendaApplication, UUID]]


def find_deliberation(call: Call) -> Deliberation | None:
    """The meeting of the jury of a call that the caller was shown."""
    return db.session.scalar(select(Deliberation).where(Deliberation.call_id == call.id))


def read_agenda_with_names(actor: Actor, call: Call) -> tuple[Agenda, Mapping[UUID, str]]:
    """The applications to decide, in the order in which the fewest people leave the room, and the
    names of those who leave.

    A lead sees those that they lead; a juror those from which no conflict shuts them out, by
    organisation and title.
    """
    rows = db.session.execute(_select_agenda(actor, call)).all()
    items = {row[0]: AgendaApplication(*row) for row in rows}
    absences: dict[UUID, set[UUID]] = {id_: set() for id_ in items}
    names: dict[UUID, str] = {}
    recused = (
        select(JuryAssignment.application_id, Person.id, Person.name)
        .join(Person, Person.id == JuryAssignment.person_id)
        .where(JuryAssignment.declaration == InterestDeclaration.CONFLICT)
    )
    shut_out = (
        select(LeadConflict.application_id, Person.id, Person.name)
        .join(Person, Person.id == LeadConflict.person_id)
        .where(LeadConflict.ended_at.is_(None))
    )
    ids = list(items)
    union = recused.where(JuryAssignment.application_id.in_(ids)).union_all(
        shut_out.where(LeadConflict.application_id.in_(ids))
    )
    for application_id, person_id, name in db.session.execute(union):
        absences[application_id].add(person_id)
        names[person_id] = name
    agenda = order_agenda({items[id_]: frozenset(absent) for id_, absent in absences.items()})
    return agenda, names


def _select_agenda(actor: Actor, call: Call) -> Select[Any]:
    is_lead = applications.led_by_condition(actor)
    shut_out = select(JuryAssignment.application_id).where(
        JuryAssignment.person_id == actor.person_id,
        JuryAssignment.declaration == InterestDeclaration.CONFLICT,
    )
    on_jury = Call.programme_id.in_(actor.scopes_with(applications.JUROR))
    in_room = on_jury & Application.id.not_in(shut_out) & ~applications.lead_conflict_condition(actor)
    outcome = case((is_lead, ApplicationDecision.outcome), else_=null())
    published = ApplicationDecision.publication_id.is_not(None)
    return (
        select(
            Application.id,
            Application.number,
            Application.organisation,
            Application.title,
            Application.state,
            outcome,
            published,
        )
        .join(Call, Call.id == Application.call_id)
        .outerjoin(ApplicationDecision, ApplicationDecision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            or_(Application.state.in_(TO_DECIDE), published),
            or_(is_lead, in_room),
        )
        .order_by(Application.number)
    )


_DECISION = select(ApplicationDecision).where(ApplicationDecision.application_id == bindparam("application"))


def find_decision(loaded: LoadedApplication) -> ApplicationDecision | None:
    """The decision on an application: for its leads, and for its jurors once it is published."""
    if not loaded.rights.reads_whole:
        return None
    decision = db.session.scalar(_DECISION, {"application": loaded.application.id})
    if decision is None or not (loaded.rights.is_lead or decision.publication_id):
        return None
    return decision


def find_publication_of_decision(decision: ApplicationDecision | None) -> CallPublication | None:
    """The publication of a decision that the caller was shown."""
    if decision is None or decision.publication_id is None:
        return None
    return db.session.get(CallPublication, decision.publication_id)


def list_publications(call: Call) -> Sequence[tuple[CallPublication, str]]:
    """The publications of a call with who published, for its leads; no counts."""
    rows = (
        select(CallPublication, Person.name)
        .join(Person, Person.id == CallPublication.published_by_id)
        .where(CallPublication.call_id == call.id)
        .order_by(CallPublication.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows)]


_APPEALS = (
    select(ApplicationAppeal)
    .where(ApplicationAppeal.application_id == bindparam("application"))
    .order_by(ApplicationAppeal.number)
)


def list_appeals(loaded: LoadedApplication) -> Sequence[ApplicationAppeal]:
    """The appeals against a decision, for its leads."""
    if not loaded.rights.is_lead:
        return []
    return db.session.scalars(_APPEALS, {"application": loaded.application.id}).all()


def list_limits_of_appeals(loaded: LoadedApplication) -> Sequence[date]:
    """The last day of each appeal, by their order, and of one more; none before the publication."""
    return list_appeal_limits(find_publication_of_decision(find_decision(loaded)), list_appeals(loaded))


def get_appeal(loaded: LoadedApplication, number: int) -> ApplicationAppeal:
    """An appeal by its number. Raises `NotFound`."""
    for appeal in list_appeals(loaded):
        if appeal.number == number:
            return appeal
    raise NotFound


def list_openly_appealed_applications(actor: Actor, call: Call) -> Sequence[int]:
    """The numbers of the applications of a call with an appeal to answer, of those that the actor leads."""
    rows = (
        select(Application.number)
        .join(Call, Call.id == Application.call_id)
        .join(ApplicationAppeal, ApplicationAppeal.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            ApplicationAppeal.state.in_(OPEN_STATES),
            applications.led_by_condition(actor),
        )
    )
    return db.session.scalars(rows.order_by(Application.number)).all()


def count_laureates(call: Call) -> int:
    """How many applications of a call are laureates today, also by an appeal."""
    laureates = Application.call_id == call.id, Application.state == ApplicationState.LAUREATE
    return db.session.scalar(select(func.count()).select_from(Application).where(*laureates)) or 0


def list_undecided_applications(actor: Actor, call: Call) -> Sequence[Application]:
    """The applications that await a decision, of those that the actor leads."""
    rows = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(ApplicationDecision, ApplicationDecision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state.in_(TO_DECIDE),
            ApplicationDecision.application_id.is_(None),
            applications.led_by_condition(actor),
        )
    )
    return db.session.scalars(rows.order_by(Application.number)).all()


def count_applications_without_scores(actor: Actor, call: Call) -> int:
    """How many applications, of those that the actor leads, are received or eligible, without scores."""
    count = (
        select(func.count())
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.call_id == call.id,
            Application.state.in_((ApplicationState.RECEIVED, ApplicationState.ELIGIBLE)),
            applications.led_by_condition(actor),
        )
    )
    return db.session.scalar(count) or 0


def list_unpublished_decisions(call: Call) -> Sequence[tuple[Application, ApplicationDecision]]:
    """The decisions of a call that no publication holds, whoever leads them: for its publication."""
    rows = (
        select(Application, ApplicationDecision)
        .join(ApplicationDecision, ApplicationDecision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state.in_(TO_DECIDE),
            ApplicationDecision.publication_id.is_(None),
        )
        .order_by(Application.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def count_purged_by_outcome(call: Call) -> Mapping[ApplicationState, int]:
    """How many applications of a call were purged, by outcome."""
    rows = select(PurgedApplication.outcome, func.count()).where(PurgedApplication.call_id == call.id)
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(PurgedApplication.outcome))}


def find_origin_application(project_id: UUID) -> tuple[Application, Call] | None:
    """The application from which a project came, for leads of its programme."""
    rows = (
        select(Application, Call)
        .join(Call, Call.id == Application.call_id)
        .where(Application.project_id == project_id)
    )
    row = db.session.execute(rows).first()
    return (row[0], row[1]) if row else None


def find_final_decision_day(call: Call) -> date | None:
    """The last day of a call's publications, closed appeals and the time to appeal against either; None
    while an appeal is open. The answer of an appeal gives as many days as its publication."""
    published, until, open_count = fetch_rows(_LAST_DAYS, {"call": call.id})[0]
    days = [day for day in (published, until) if day]
    for closed_on, published_on, appeal_until in fetch_rows(_CLOSED_APPEALS, {"call": call.id}):
        days.append(closed_on + (appeal_until - published_on))
    return None if open_count or not days else max(days)


_PUBLISHED_OF_CALL = CallPublication.call_id == bindparam("call")
_APPEALS_OF_CALL = (
    ApplicationAppeal.application_id == Application.id,
    Application.call_id == bindparam("call"),
)
_LAST_DAYS = PreparedStatement(
    select(
        select(func.max(CallPublication.published_on)).where(_PUBLISHED_OF_CALL).scalar_subquery(),
        select(func.max(CallPublication.appeal_until)).where(_PUBLISHED_OF_CALL).scalar_subquery(),
        select(func.count())
        .where(*_APPEALS_OF_CALL, ApplicationAppeal.closed_on.is_(None))
        .scalar_subquery(),
    )
)
_CLOSED_APPEALS = (
    select(ApplicationAppeal.closed_on, CallPublication.published_on, CallPublication.appeal_until)
    .join(ApplicationDecision, ApplicationDecision.application_id == ApplicationAppeal.application_id)
    .join(CallPublication, CallPublication.id == ApplicationDecision.publication_id)
    .where(_PUBLISHED_OF_CALL, ApplicationAppeal.closed_on.is_not(None))
    .distinct()
)


def find_project_slug(loaded: LoadedApplication) -> str | None:
    """The slug of the project that an application became, for its leads."""
    project_id = loaded.application.project_id
    if project_id is None or not loaded.rights.is_lead:
        return None
    return db.session.scalar(select(Project.slug).where(Project.id == project_id))
