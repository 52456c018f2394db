"""Leads in conflict: another is named in their place, and two people let them in again."""

from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import NotFound, Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, LeadConflict, SubstituteLead
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import commands as calls
from portal.selection.jury import policy
from portal.selection.jury.conflict_queries import ApplicationLeadership, read_application_leadership

NAMED = audit.Action("application.lead_named")
UNDO_ASKED = audit.Action("application.lead_undo_asked")
UNNAMED = audit.Action("application.lead_unnamed")
LET_IN = audit.Action("application.lead_let_in")


def name_lead(actor: Actor, loaded: LoadedApplication, person_id: UUID) -> None:
    """Name a lead without a conflict for an application.

    Raises `RuleBroken` on `person` for somebody in conflict, or where one is named already.
    """
    leadership = _lock_application_read_leadership(loaded)
    if person_id not in {person.id for person in leadership.free}:
        raise RuleBroken("person", _("Choisissez une direction qui n’est pas en conflit."))
    if leadership.named is not None:
        raise RuleBroken("person", _("Une direction est déjà nommée : deux personnes la retirent."))
    named = SubstituteLead(
        application_id=loaded.application.id, person_id=person_id, named_by_id=actor.person_id
    )
    db.session.add(named)
    applications.record_application_act(actor, NAMED, loaded.application, person_id=person_id)


def ask_to_unname_lead(actor: Actor, loaded: LoadedApplication) -> None:
    """Ask that the named lead no longer be: another person has to agree."""
    named = _require_named_lead(_lock_application_read_leadership(loaded))
    if named.undo_asked_by_id is None:
        named.undo_asked_by_id = actor.person_id
        applications.record_application_act(actor, UNDO_ASKED, loaded.application, person_id=named.person_id)


def agree_to_unname_lead(actor: Actor, loaded: LoadedApplication) -> None:
    """Agree that the named lead no longer be. Raises `RuleBroken` for whoever asked."""
    named = _require_named_lead(_lock_application_read_leadership(loaded))
    _require_second_person(actor, named.undo_asked_by_id)
    named.ended_at, named.ended_by_id = clock.now(), actor.person_id
    applications.record_application_act(actor, UNNAMED, loaded.application, person_id=named.person_id)


def ask_for_lead_return(actor: Actor, loaded: LoadedApplication, reason: str) -> None:
    """As a lead in conflict, ask to be let in again: another lead has to agree."""
    _lock_application_read_leadership(loaded)
    conflict = _get_lead_conflict(loaded, actor.person_id)
    conflict.undo_asked_by_id, conflict.undo_reason = actor.person_id, reason
    applications.record_application_act(actor, UNDO_ASKED, loaded.application, person_id=actor.person_id)


def agree_to_lead_return(actor: Actor, loaded: LoadedApplication, person_id: UUID) -> None:
    """Let a lead in again who asked for it, as a lead without a conflict.

    Raises `RuleBroken` for whoever asked.
    """
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    _lock_application_read_leadership(loaded)
    conflict = _get_lead_conflict(loaded, person_id)
    _require_second_person(actor, conflict.undo_asked_by_id)
    conflict.ended_at, conflict.ended_by_id = clock.now(), actor.person_id
    applications.record_application_act(actor, LET_IN, loaded.application, person_id=person_id)


def _lock_application_read_leadership(loaded: LoadedApplication) -> ApplicationLeadership:
    require(policy.can_name_lead(loaded), calls.leads_only_sentence())
    lock_row(Application, loaded.application.id)
    return read_application_leadership(loaded.call, loaded.application)


def _require_named_lead(leadership: ApplicationLeadership) -> SubstituteLead:
    if leadership.named is None:
        raise NotFound
    return leadership.named


def _get_lead_conflict(loaded: LoadedApplication, person_id: UUID) -> LeadConflict:
    conflict = db.session.scalar(
        select(LeadConflict).where(
            LeadConflict.application_id == loaded.application.id,
            LeadConflict.person_id == person_id,
            LeadConflict.ended_at.is_(None),
        )
    )
    if conflict is None:
        raise NotFound
    return conflict


def _require_second_person(actor: Actor, asked_by_id: UUID | None) -> None:
    """Raise unless somebody else asked."""
    if asked_by_id is None:
        raise Overtaken(_("Personne ne l’a demandé."))
    if asked_by_id == actor.person_id:
        raise RuleBroken(None, _("Il faut une seconde personne : vous l’avez demandé vous-même."))
