"""The jury of a call, its assignments and its scores, sealed until they are opened."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, select

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.selection.applications import policy
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.applications.queries import (
    LoadedApplication,
    get_known_application,
    list_loaded_applications,
    select_loaded_applications,
)
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call, CallCriterion
from portal.selection.jury.models import (
    InterestDeclaration,
    JurorScore,
    JuryAssignment,
    ScoreChange,
)
from portal.selection.jury.policy import can_name_lead


@dataclass(frozen=True)
class JurySeat:
    """A juror of a call: how many applications they have, and how far they are. Counted over the
    applications that the reader leads without a conflict."""

    member: JuryMember
    person: Person
    assigned: int
    undeclared: int
    sent: int
    is_active: bool  # holds the role still


@dataclass(frozen=True)
class ApplicationJuror:
    """A juror of one application, for its leads."""

    assignment: JuryAssignment
    name: str


@dataclass(frozen=True)
class OpenedScore:
    """An opened score with its juror, for those who read it after opening."""

    score: JurorScore
    criterion: CallCriterion
    juror_id: UUID
    juror: str


def list_seats(actor: Actor, call: Call) -> Sequence[JurySeat]:
    """The jury of a call that the actor leads, by name: two statements."""
    return cache_until_change(actor, ("seats", call.id, actor.person_id), lambda: _read_seats(actor, call))


def _read_seats(actor: Actor, call: Call) -> Sequence[JurySeat]:
    loads: dict[UUID, Counter[str]] = defaultdict(Counter)
    rows = (
        select(JuryAssignment.person_id, JuryAssignment.declaration, JuryAssignment.sent_at, func.count())
        .join(Application, Application.id == JuryAssignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.call_id == call.id, JuryAssignment.recused_at.is_(None))
        .where(policy.led_by_condition(actor))
        .group_by(JuryAssignment.person_id, JuryAssignment.declaration, JuryAssignment.sent_at)
    )
    for person_id, declaration, sent_at, count in db.session.execute(rows):
        loads[person_id]["assigned"] += count
        loads[person_id]["undeclared"] += count if declaration is InterestDeclaration.AWAITED else 0
        loads[person_id]["sent"] += count if sent_at is not None else 0
    holds = exists().where(
        RoleAssignment.scope_id == call.programme_id,
        RoleAssignment.person_id == JuryMember.person_id,
        RoleAssignment.role == policy.JUROR,
    )
    seats = (
        select(JuryMember, Person, and_(holds, Person.disabled_at.is_(None)))
        .join(Person, Person.id == JuryMember.person_id)
        .where(JuryMember.call_id == call.id)
        .order_by(Person.name, JuryMember.id)
    )
    return [
        JurySeat(member, person, load["assigned"], load["undeclared"], load["sent"], bool(is_active))
        for member, person, is_active in db.session.execute(seats)
        for load in (loads[person.id],)
    ]


def list_jury_candidates(call: Call) -> Sequence[Person]:
    """People with the role of juror in the programme who are not on the jury of the call."""
    seated = select(JuryMember.person_id).where(JuryMember.call_id == call.id)
    people = (
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.scope_id == call.programme_id,
            RoleAssignment.role == policy.JUROR,
            Person.disabled_at.is_(None),
            Person.id.not_in(seated),
        )
    )
    return db.session.scalars(people.order_by(Person.name)).unique().all()


def get_member(call: Call, person_id: UUID) -> JuryMember:
    """A juror of a call. Raises `NotFound`."""
    row = db.session.scalar(
        select(JuryMember).where(JuryMember.call_id == call.id, JuryMember.person_id == person_id)
    )
    if row is None:
        raise NotFound
    return row


def map_assignments_by_application(
    application_ids: Sequence[UUID],
) -> Mapping[UUID, Sequence[JuryAssignment]]:
    """All assignments of applications that the caller leads, by application."""
    rows = select(JuryAssignment).where(JuryAssignment.application_id.in_(application_ids))
    by_application: dict[UUID, list[JuryAssignment]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(JuryAssignment.id)):
        by_application[row.application_id].append(row)
    return by_application


_SEATS_ON = (
    select(JuryAssignment, Person.name)
    .join(Person, Person.id == JuryAssignment.person_id)
    .where(JuryAssignment.application_id == bindparam("application"))
    .order_by(Person.name, JuryAssignment.id)
)


def list_application_jurors(loaded: LoadedApplication) -> Sequence[ApplicationJuror]:
    """The jurors of an application, recused ones too, for its leads; nothing for others."""
    if not loaded.rights.is_lead:
        return []
    rows = db.session.execute(_SEATS_ON, {"application": loaded.application.id})
    return [ApplicationJuror(row[0], row[1]) for row in rows]


def get_juror_assignment(loaded: LoadedApplication, person_id: UUID) -> JuryAssignment:
    """A juror's assignment to an application that the caller leads. Raises `NotFound`."""
    for seat in list_application_jurors(loaded):
        if seat.assignment.person_id == person_id:
            return seat.assignment
    raise NotFound


def list_applications_to_spread(actor: Actor, call: Call) -> Sequence[Application]:
    """The applications of a call that the actor leads and that await jurors."""
    rows = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.call_id == call.id,
            Application.state == ApplicationState.ELIGIBLE,
            Application.opened_at.is_(None),
            policy.led_by_condition(actor),
        )
    )
    return db.session.scalars(rows.order_by(Application.number)).all()


def list_own_applications(actor: Actor, call: Call | None = None) -> Sequence[LoadedApplication]:
    """The applications assigned to the actor, by call and number; recused ones are left out."""
    key = "own applications", actor.person_id, call and call.id
    return cache_until_change(actor, key, lambda: _list_own_assigned_applications(actor, call))


def _list_own_assigned_applications(actor: Actor, call: Call | None) -> Sequence[LoadedApplication]:
    statement = select_loaded_applications(actor).where(
        exists().where(
            JuryAssignment.application_id == Application.id,
            JuryAssignment.person_id == actor.person_id,
            JuryAssignment.published_at.is_not(None),
            JuryAssignment.recused_at.is_(None),
        ),
        Programme.id.in_(actor.scopes_with(policy.JUROR)),
    )
    if call is not None:
        statement = statement.where(Call.id == call.id)
    return list_loaded_applications(statement.order_by(Call.closes_on.desc(), Call.id, Application.number))


def get_application_for_call_lead(
    actor: Actor, slug: str, call_number: int, number: int
) -> LoadedApplication:
    """An application for the leads of its call, in conflict or not. Raises `NotFound`."""
    loaded = get_known_application(actor, slug, call_number, number)
    if not can_name_lead(loaded):
        raise NotFound
    return loaded


def list_opened_scores(loaded: LoadedApplication) -> Sequence[OpenedScore]:
    """The scores of an application once they are open, for those who read it in full.

    The statement itself asks whether they are open: sealed scores never leave the database.
    """
    if not loaded.rights.reads_whole or loaded.application.opened_at is None:
        return []
    rows = (
        _select_opened_scores()
        .where(Application.id == loaded.application.id)
        .order_by(CallCriterion.position, Person.name, JurorScore.id)
    )
    return [OpenedScore(*row) for row in db.session.execute(rows)]


def _select_opened_scores() -> Any:
    return (
        select(JurorScore, CallCriterion, JuryAssignment.person_id, Person.name)
        .join(JuryAssignment, JuryAssignment.id == JurorScore.assignment_id)
        .join(CallCriterion, CallCriterion.id == JurorScore.criterion_id)
        .join(Application, Application.id == JuryAssignment.application_id)
        .join(Person, Person.id == JuryAssignment.person_id)
        .where(
            Application.opened_at.is_not(None),
            JuryAssignment.sent_at.is_not(None),
            JuryAssignment.recused_at.is_(None),
        )
    )


def get_own_opened_score(actor: Actor, loaded: LoadedApplication, key: str) -> OpenedScore:
    """The actor's own opened score on a criterion. Raises `NotFound`."""
    rows = _select_opened_scores().where(
        Application.id == loaded.application.id,
        JuryAssignment.person_id == actor.person_id,
        CallCriterion.key == key,
    )
    row = get_row(rows)
    if not loaded.rights.is_judge:
        raise NotFound
    return OpenedScore(*row)


def list_score_changes(loaded: LoadedApplication) -> Sequence[tuple[ScoreChange, str, str]]:
    """The changes of opened scores: (change, juror, name of the criterion), oldest first."""
    if not loaded.rights.reads_whole or loaded.application.opened_at is None:
        return []
    rows = (
        select(ScoreChange, Person.name, CallCriterion)
        .join(JurorScore, JurorScore.id == ScoreChange.score_id)
        .join(JuryAssignment, JuryAssignment.id == JurorScore.assignment_id)
        .join(CallCriterion, CallCriterion.id == JurorScore.criterion_id)
        .join(Person, Person.id == ScoreChange.author_id)
        .where(JuryAssignment.application_id == loaded.application.id)
        .order_by(ScoreChange.created_at, ScoreChange.id)
    )
    return [(row[0], row[1], row[2].name) for row in db.session.execute(rows)]


def count_draft_assignments(actor: Actor, call: Call) -> int:
    """How many assignments of a call are drafts, of applications that the actor leads."""
    count = (
        select(func.count())
        .select_from(JuryAssignment)
        .join(Application, Application.id == JuryAssignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.call_id == call.id, JuryAssignment.published_at.is_(None))
        .where(policy.led_by_condition(actor))
    )
    return db.session.scalar(count) or 0
