"""Likely conflicts of interest, and the leads of an application where some are shut out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, true

from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.policy import COACHES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import fold_words
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.project.projects.models import Project
from portal.selection.applications import policy
from portal.selection.applications.models import Application, ApplicationMember, LeadConflict, SubstituteLead
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call
from portal.selection.jury import policy as jury_policy
from portal.selection.jury.conflict_rules import (
    ApplicationClues,
    ConflictGround,
    PersonClues,
    list_conflict_grounds,
)
from portal.selection.jury.models import ConflictUndoObstacle, JuryAssignment, SettledConflict

LIKELY_MAX = 300  # applications that are looked through at once


@dataclass(frozen=True)
class LikelyConflict:
    """A juror or lead who may have an interest in an application, and why."""

    application: Application
    person_id: UUID
    name: str
    grounds: Sequence[ConflictGround]
    is_lead: bool


@dataclass(frozen=True)
class ApplicationLeadership:
    """Who leads an application: conflicts of leads, the one named in their place, and whether
    nobody is left."""

    conflicts: Sequence[tuple[LeadConflict, str]]
    named: SubstituteLead | None
    named_name: str
    free: Sequence[Person]  # leads without a conflict

    @property
    def has_no_free_lead(self) -> bool:
        return not self.free


def list_likely_conflicts(
    actor: Actor, calls: Sequence[Call], application_ids: Sequence[UUID] | None = None
) -> Sequence[LikelyConflict]:
    """Likely conflicts of the jury and of the leads of calls that nobody settled nor declared, for
    whoever leads the applications; a constant number of statements."""
    if not calls:
        return []
    key = (
        "likely conflicts",
        actor.person_id,
        tuple(call.id for call in calls),
        application_ids and tuple(application_ids),
    )
    return cache_until_change(actor, key, lambda: _compute_likely_conflicts(actor, calls, application_ids))


def _compute_likely_conflicts(
    actor: Actor, calls: Sequence[Call], application_ids: Sequence[UUID] | None
) -> Sequence[LikelyConflict]:
    applications = _list_led_applications(actor, calls, application_ids)
    people = _map_person_clues_by_call(calls)
    ids = [application.id for application in applications]
    named = _map_named_people_by_application(ids)
    settled = _list_settled_pairs(ids)
    likely = []
    for application in applications:
        clues = ApplicationClues(
            application.organisation,
            application.company_number,
            [(application.contact_name, application.contact_email), *named[application.id]],
        )
        for person_id, (person, is_lead) in people[application.call_id].items():
            grounds = list_conflict_grounds(person, clues)
            if grounds and (application.id, person_id) not in settled and person_id != actor.person_id:
                likely.append(LikelyConflict(application, person_id, person.name, grounds, is_lead))
    return likely


def _list_led_applications(
    actor: Actor, calls: Sequence[Call], ids: Sequence[UUID] | None
) -> Sequence[Application]:
    rows = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.call_id.in_([call.id for call in calls]),
            policy.led_by_condition(actor),
            Application.opened_at.is_(None),
            Application.state.not_in(jury_policy.UNSCORED_STATES),
        )
    )
    if ids is not None:
        rows = rows.where(Application.id.in_(ids))
    return db.session.scalars(rows.order_by(Application.call_id, Application.number).limit(LIKELY_MAX)).all()


def _map_person_clues_by_call(
    calls: Sequence[Call],
) -> Mapping[UUID, Mapping[UUID, tuple[PersonClues, bool]]]:
    """The jury and the leads of calls, by call, with what the portal knows of them."""
    rows = (
        select(Call.id, Person, JuryMember, RoleAssignment.id.is_not(None))
        .select_from(Call)
        .join(Person, true())
        .outerjoin(JuryMember, (JuryMember.person_id == Person.id) & (JuryMember.call_id == Call.id))
        .outerjoin(
            RoleAssignment,
            (RoleAssignment.person_id == Person.id)
            & (RoleAssignment.scope_id == Call.programme_id)
            & (RoleAssignment.role == policy.LEAD),
        )
        .where(
            Call.id.in_([call.id for call in calls]),
            (JuryMember.id.is_not(None)) | (RoleAssignment.id.is_not(None)),
        )
        .order_by(Person.name, Person.id)
    )
    results = db.session.execute(rows).all()
    coached = _map_coached_organisations_by_person([row[1].id for row in results])
    people: dict[UUID, dict[UUID, tuple[PersonClues, bool]]] = defaultdict(dict)
    for call_id, person, member, is_lead in results:
        clues = PersonClues(
            person.name,
            person.email or "",
            member.company_number if member else "",
            member.employer if member else "",
            coached.get(person.id, frozenset()),
        )
        people[call_id][person.id] = clues, bool(is_lead)
    return people


def _map_coached_organisations_by_person(person_ids: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
    """The organisations that people coach at present, folded."""
    rows = (
        select(RoleAssignment.person_id, Project.organisation)
        .join(Project, Project.id == RoleAssignment.scope_id)
        .where(RoleAssignment.person_id.in_(person_ids), RoleAssignment.role.in_(COACHES))
    )
    coached: dict[UUID, set[str]] = defaultdict(set)
    for person_id, organisation in db.session.execute(rows):
        coached[person_id].add(fold_words(organisation))
    return {person_id: frozenset(names) for person_id, names in coached.items()}


def _map_named_people_by_application(ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[str, str]]]:
    rows = select(ApplicationMember.application_id, ApplicationMember.name, ApplicationMember.email)
    named: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for application_id, name, email in db.session.execute(
        rows.where(ApplicationMember.application_id.in_(ids))
    ):
        named[application_id].append((name, email))
    return named


def _list_settled_pairs(ids: Sequence[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Pairs that were settled by a lead, or declared by the person."""
    settled = select(SettledConflict.application_id, SettledConflict.person_id)
    declared = select(JuryAssignment.application_id, JuryAssignment.person_id).where(
        JuryAssignment.declared_at.is_not(None)
    )
    shut_out = select(LeadConflict.application_id, LeadConflict.person_id)
    rows = settled.where(SettledConflict.application_id.in_(ids)).union_all(
        declared.where(JuryAssignment.application_id.in_(ids)),
        shut_out.where(LeadConflict.application_id.in_(ids)),
    )
    return frozenset((row[0], row[1]) for row in db.session.execute(rows))


def map_barred_people_by_application(application_ids: Sequence[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """By application, the people who declared a conflict, were recused, or confirmed in one."""
    recused = select(JuryAssignment.application_id, JuryAssignment.person_id).where(
        JuryAssignment.recused_at.is_not(None)
    )
    confirmed = select(SettledConflict.application_id, SettledConflict.person_id).where(
        SettledConflict.is_confirmed.is_(True)
    )
    leads = select(LeadConflict.application_id, LeadConflict.person_id).where(LeadConflict.ended_at.is_(None))
    rows = recused.where(JuryAssignment.application_id.in_(application_ids)).union_all(
        confirmed.where(SettledConflict.application_id.in_(application_ids)),
        leads.where(LeadConflict.application_id.in_(application_ids)),
    )
    barred: dict[UUID, set[UUID]] = defaultdict(set)
    for application_id, person_id in db.session.execute(rows):
        barred[application_id].add(person_id)
    return {application_id: frozenset(people) for application_id, people in barred.items()}


_open_conflict = (LeadConflict.application_id == bindparam("application"), LeadConflict.ended_at.is_(None))
_LEAD_CONFLICTS = (
    select(LeadConflict, Person.name)
    .join(Person, Person.id == LeadConflict.person_id)
    .where(*_open_conflict)
    .order_by(LeadConflict.id)
)
_NAMED_LEAD = (
    select(SubstituteLead, Person.name)
    .join(Person, Person.id == SubstituteLead.person_id)
    .where(SubstituteLead.application_id == bindparam("application"), SubstituteLead.ended_at.is_(None))
)
_FREE_LEADS = (
    select(Person)
    .join(RoleAssignment, RoleAssignment.person_id == Person.id)
    .where(
        RoleAssignment.scope_id == bindparam("programme"),
        RoleAssignment.role == policy.LEAD,
        Person.disabled_at.is_(None),
        ~exists().where(*_open_conflict, LeadConflict.person_id == Person.id),
    )
    .order_by(Person.name)
)


def read_application_leadership(call: Call, application: Application) -> ApplicationLeadership:
    """Who leads an application; the caller leads its call."""
    values = {"application": application.id, "programme": call.programme_id}
    rows = db.session.execute(_LEAD_CONFLICTS, values).all()
    named_row = db.session.execute(_NAMED_LEAD, values).first()
    return ApplicationLeadership(
        [(row[0], row[1]) for row in rows],
        named_row[0] if named_row else None,
        named_row[1] if named_row else "",
        db.session.scalars(_FREE_LEADS, values).all(),
    )


def find_conflict_undo_obstacle(loaded: LoadedApplication) -> ConflictUndoObstacle | None:
    """Why a juror no longer takes back the conflict that they declared; None where they may. A lead who
    confirmed it, or gave the application to another, has settled it."""
    own = loaded.assignment
    obstacle = jury_policy.find_conflict_undo_obstacle(loaded)
    if own is None or obstacle not in {None, ConflictUndoObstacle.LATE}:
        return obstacle
    confirmed = exists().where(
        SettledConflict.application_id == own.application_id,
        SettledConflict.person_id == own.person_id,
        SettledConflict.is_confirmed.is_(True),
    )
    replaced = exists().where(
        JuryAssignment.application_id == own.application_id, JuryAssignment.created_at > own.recused_at
    )
    is_confirmed, is_replaced = db.session.execute(select(confirmed, replaced)).one()
    if is_confirmed:
        return ConflictUndoObstacle.CONFIRMED
    return ConflictUndoObstacle.REPLACED if is_replaced else obstacle


def count_applications_without_lead(call: Call) -> int:
    """How many applications of a call have no lead without a conflict."""
    free = exists().where(
        RoleAssignment.scope_id == call.programme_id,
        RoleAssignment.role == policy.LEAD,
        ~exists().where(
            LeadConflict.application_id == Application.id,
            LeadConflict.person_id == RoleAssignment.person_id,
            LeadConflict.ended_at.is_(None),
        ),
    )
    count = select(func.count()).select_from(Application).where(Application.call_id == call.id, ~free)
    return db.session.scalar(count) or 0
