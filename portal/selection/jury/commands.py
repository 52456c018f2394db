"""The jury of a call: its members, who judges what, and conflicts of interest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.company_numbers import clean_company_number
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.models import Application
from portal.selection.calls import commands as calls
from portal.selection.calls.jury_models import JuryMember
from portal.selection.calls.models import Call
from portal.selection.jury import queries
from portal.selection.jury.conflict_queries import map_barred_people_by_application
from portal.selection.jury.models import JuryAssignment
from portal.selection.jury.spread_rules import ApplicationToSpread, AssignmentSpread, spread_jurors

SEATED = audit.Action("jury.seated", _l("a complété le jury de l’appel %(number)s"))
UNSEATED = audit.Action("jury.unseated", _l("a retiré une personne du jury de l’appel %(number)s"))
SPREAD = audit.Action("jury.spread", _l("a réparti les candidatures de l’appel %(number)s"))
PUBLISHED = audit.Action("jury.published", _l("a publié la répartition de l’appel %(number)s"))
# To each juror who got applications: told to that person alone.
ASSIGNED = audit.Action("jury.assigned")


@dataclass(frozen=True)
class SeatFacts:
    """What a lead writes of a juror; `load_max` None: that of the call."""

    employer: str = ""
    company_number: str = ""
    load_max: int | None = None


@dataclass(frozen=True)
class AssignmentSpreadPreview:
    """A new spread beside the present one: what it adds, what it takes away, and what is missing."""

    added: Sequence[tuple[Application, UUID]]
    removed: Sequence[tuple[Application, UUID]]
    gaps: Sequence[tuple[Application, int]]
    loads: Mapping[UUID, int]


def seat_juror(actor: Actor, call: Call, person_id: UUID, facts: SeatFacts) -> JuryMember:
    """Take somebody with the role of juror into the jury of a call. Raises `RuleBroken`."""
    calls.lock_call(actor, call)
    if person_id not in {candidate.id for candidate in queries.list_jury_candidates(call)}:
        raise RuleBroken("person", _("Cette personne n’est pas jurée du programme, ou siège déjà."))
    member = JuryMember(call_id=call.id, person_id=person_id)
    db.session.add(member)
    _apply_seat_facts(member, facts)
    facts_told = calls.call_audit_facts(call) | {"person_id": person_id}
    audit.record(actor, SEATED, member, scope_id=call.programme_id, facts=facts_told)
    return member


def change_seat(actor: Actor, call: Call, member: JuryMember, facts: SeatFacts) -> None:
    """Change what is known of a juror. Raises `RuleBroken` on `company_number`."""
    calls.lock_call(actor, call)
    _apply_seat_facts(member, facts)
    facts_told = calls.call_audit_facts(call) | {"person_id": member.person_id}
    audit.record(actor, SEATED, member, scope_id=call.programme_id, facts=facts_told)


def _apply_seat_facts(member: JuryMember, facts: SeatFacts) -> None:
    number = clean_company_number(facts.company_number)
    if number and len(number) not in {9, 14}:
        raise RuleBroken("company_number", _("Un numéro SIREN a 9 chiffres, un numéro SIRET 14."))
    member.employer, member.company_number, member.load_max = facts.employer, number, facts.load_max


def unseat_juror(actor: Actor, call: Call, member: JuryMember) -> None:
    """Take somebody out of a jury. Raises `RuleBroken` where they have published assignments."""
    calls.lock_call(actor, call)
    own = select(JuryAssignment.id).join(Application, Application.id == JuryAssignment.application_id)
    own = own.where(Application.call_id == call.id, JuryAssignment.person_id == member.person_id)
    if db.session.scalar(own.where(JuryAssignment.published_at.is_not(None)).limit(1)):
        sentence = _("Cette personne a déjà des candidatures : remplacez-la sur chacune d’abord.")
        raise RuleBroken(None, sentence)
    db.session.execute(delete(JuryAssignment).where(JuryAssignment.id.in_(own)))
    facts = calls.call_audit_facts(call) | {"person_id": member.person_id}
    audit.record(actor, UNSEATED, member, scope_id=call.programme_id, facts=facts)
    db.session.delete(member)


def preview_assignment_spread(actor: Actor, call: Call) -> AssignmentSpreadPreview:
    """What a new spread would change, for leads of the call."""
    calls.require_lead(actor, call)
    applications, spread, present = _compute_new_and_present_spread(actor, call)
    by_id = {application.id: application for application in applications}
    pairs = {(id_, juror) for id_, jurors in spread.jurors.items() for juror in jurors}
    before = {(row.application_id, row.person_id) for rows in present.values() for row in rows}

    def listed(pairs_: set[tuple[UUID, UUID]]) -> Sequence[tuple[Application, UUID]]:
        return [(by_id[id_], juror) for id_, juror in sorted(pairs_, key=lambda p: by_id[p[0]].number)]

    gaps = [(by_id[id_], missing) for id_, missing in spread.gaps.items()]
    return AssignmentSpreadPreview(
        listed(pairs - before),
        listed(before - pairs),
        sorted(gaps, key=lambda gap: gap[0].number),
        spread.loads,
    )


def spread_applications(actor: Actor, call: Call) -> AssignmentSpread[UUID]:
    """Spread the eligible applications over the jury, as drafts; published assignments stay.

    Raises `RuleBroken` without jurors.
    """
    calls.lock_call(actor, call)
    applications, spread, present = _compute_new_and_present_spread(actor, call)
    if not spread.loads:
        raise RuleBroken(None, _("Composez d’abord le jury."))
    for application in applications:
        rows = {row.person_id: row for row in present[application.id]}
        for person_id in rows.keys() - spread.jurors[application.id]:
            db.session.delete(rows[person_id])
        for person_id in spread.jurors[application.id] - rows.keys():
            db.session.add(JuryAssignment(application_id=application.id, person_id=person_id))
    audit.record(actor, SPREAD, call, scope_id=call.programme_id, facts=calls.call_audit_facts(call))
    return spread


def _compute_new_and_present_spread(
    actor: Actor, call: Call
) -> tuple[Sequence[Application], AssignmentSpread[UUID], Mapping[UUID, Sequence[JuryAssignment]]]:
    """The applications to spread, the new spread, and the present one without the recused."""
    applications = queries.list_applications_to_spread(actor, call)
    ids = [application.id for application in applications]
    everything, barred = queries.map_assignments_by_application(ids), map_barred_people_by_application(ids)
    present = {id_: [row for row in everything.get(id_, ()) if row.recused_at is None] for id_ in ids}
    tasks = [
        ApplicationToSpread(
            id_,
            barred.get(id_, frozenset()),
            [row.person_id for row in present[id_] if row.published_at is not None],
        )
        for id_ in ids
    ]
    limits = {
        seat.person.id: seat.member.load_max or call.load_max
        for seat in queries.list_seats(actor, call)
        if seat.is_active
    }
    return applications, spread_jurors(tasks, limits, call.scores_needed), present


def publish_assignments(actor: Actor, call: Call) -> int:
    """Publish the drafts: jurors see their applications. Returns how many were published.

    Raises `RuleBroken` where there is none.
    """
    calls.lock_call(actor, call)
    ids = [application.id for application in queries.list_applications_to_spread(actor, call)]
    drafts = [
        row
        for rows in queries.map_assignments_by_application(ids).values()
        for row in rows
        if not row.published_at
    ]
    if not drafts:
        raise RuleBroken(None, _("Rien n’est à publier."))
    for row in drafts:
        row.published_at = clock.now()
    audit.record(actor, PUBLISHED, call, scope_id=call.programme_id, facts=calls.call_audit_facts(call))
    for person_id in sorted({row.person_id for row in drafts}):
        notify_juror_of_applications(actor, call, person_id)
    return len(drafts)


def notify_juror_of_applications(actor: Actor, call: Call, person_id: UUID) -> None:
    """Tell a juror that applications await them."""
    facts = {"number": call.number, "path": "/jury", "name": call.title_fr, "person_id": person_id}
    audit.record(actor, ASSIGNED, call, scope_id=call.programme_id, facts=facts)
