"""Jurors of one application: assigned, recused, replaced; what they declare of their interests."""

from uuid import UUID

from sqlalchemy import exists, select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row, reload_row
from portal.platform.kernel.errors import NotFound, Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, LeadConflict
from portal.selection.applications.queries import LoadedApplication, get_known_application_by_id
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call
from portal.selection.jury import labels, policy, queries, sheet_labels
from portal.selection.jury.commands import notify_juror_of_applications
from portal.selection.jury.conflict_queries import (
    LikelyConflict,
    find_conflict_undo_obstacle,
    list_likely_conflicts,
    map_barred_people_by_application,
    read_application_leadership,
)
from portal.selection.jury.models import InterestDeclaration, JuryAssignment, SettledConflict
from portal.selection.jury.opening_commands import open_scores_when_complete

ASSIGNED_ONE = audit.Action("application.assigned")
RECUSED = audit.Action("application.recused")
CLEARED = audit.Action("application.cleared")
DECLARED = audit.Action("application.conflict_declared")
TAKEN_BACK = audit.Action("application.conflict_taken_back")
SET_ASIDE = audit.Action("application.conflict_set_aside")
CONFIRMED = audit.Action("application.conflict_confirmed")


def assign_juror(actor: Actor, loaded: LoadedApplication, person_id: UUID) -> JuryAssignment:
    """Assign a juror by hand, at once. Raises `RuleBroken` on `person`, `TooLate`."""
    _lock_assignable_application(actor, loaded)
    application = loaded.application
    queries.get_member(loaded.call, person_id)
    if person_id in map_barred_people_by_application([application.id]).get(application.id, frozenset()):
        raise RuleBroken("person", _("Cette personne est récusée sur cette candidature."))
    own = JuryAssignment.application_id == application.id, JuryAssignment.person_id == person_id
    if db.session.scalar(select(exists().where(*own))):
        raise RuleBroken("person", _("Cette personne a déjà cette candidature."))
    row = JuryAssignment(application_id=application.id, person_id=person_id, published_at=clock.now())
    db.session.add(row)
    applications.record_application_act(actor, ASSIGNED_ONE, application, person_id=person_id)
    notify_juror_of_applications(actor, loaded.call, person_id)
    return row


def recuse_juror(
    actor: Actor, loaded: LoadedApplication, person_id: UUID, replacement_id: UUID | None
) -> None:
    """Take a juror off an application, and put another in their place if one is given.

    Raises `RuleBroken` on `replacement`; `TooLate`.
    """
    _lock_assignable_application(actor, loaded)
    row = queries.get_juror_assignment(loaded, person_id)
    if row.recused_at is None or row.has_recused_themselves:  # which they could take back
        row.recused_at = clock.now()
        applications.record_application_act(actor, RECUSED, loaded.application, person_id=person_id)
    if replacement_id is not None:
        try:
            assign_juror(actor, loaded, replacement_id)
        except RuleBroken as refused:
            raise RuleBroken("replacement", refused.message) from None
    open_scores_when_complete(actor, loaded.call, loaded.application)


def _lock_assignable_application(actor: Actor, loaded: LoadedApplication) -> None:
    applications.lock_application(actor, loaded)
    _require_assignable(loaded)


def _require_assignable(loaded: LoadedApplication) -> None:
    if policy.can_assign_jurors(loaded):
        return
    sentence = _("L’examen est clos : le jury de cette candidature ne change plus.")
    if not policy.is_judged_by_jury(loaded):
        sentence = sheet_labels.describe_unjudged_application()
    elif loaded.application.opened_at is not None:
        sentence = _("Les notes de cette candidature sont ouvertes : son jury ne change plus.")
    raise TooLate(sentence, applications.application_path(loaded))


def declare_interests(actor: Actor, loaded: LoadedApplication, reason: str, *, has_conflict: bool) -> None:
    """Say whether one has an interest, or that one has found one. A conflict shuts out at once, as a juror
    and as a lead.

    Raises `RuleBroken` on `reason` for a conflict without one; `TooLate`, `Overtaken`.
    """
    require(loaded.rights.is_juror or loaded.rights.leads_call)
    require_may_answer(_lock_and_reload(actor, loaded), has_conflict=has_conflict)
    if has_conflict and not reason:
        raise RuleBroken("reason", _("Dites en quelques mots quel est cet intérêt."))
    if has_conflict:
        _shut_out_person(loaded, actor.person_id, reason)
        applications.record_application_act(actor, DECLARED, loaded.application, person_id=actor.person_id)
        open_scores_when_complete(actor, loaded.call, loaded.application)
        return
    if own := loaded.assignment:
        own.declaration, own.declared_at = InterestDeclaration.CLEAR, clock.now()
    applications.record_application_act(actor, CLEARED, loaded.application, person_id=actor.person_id)


def require_may_answer(loaded: LoadedApplication, *, has_conflict: bool) -> None:
    """Raise `TooLate` once the decision is made, and for a “yes” after a “no” once scores are open;
    `Overtaken` for another second answer. A lead who is not shut out declares an interest at any moment."""
    page = applications.application_path(loaded)
    if not policy.can_declare_interest(loaded):
        raise TooLate(_("Il est trop tard pour déclarer un intérêt ici."), page)
    declaration = loaded.assignment.declaration if loaded.assignment else None
    if declaration is InterestDeclaration.AWAITED or (has_conflict and loaded.rights.is_lead):
        return
    if declaration is not InterestDeclaration.CLEAR or not has_conflict:
        raise Overtaken(_("Vous vous êtes déjà prononcé sur cette candidature."), page)
    if loaded.application.opened_at is not None:
        raise TooLate(str(labels.TOO_LATE_FOR_INTEREST), page)


def _lock_and_reload(actor: Actor, loaded: LoadedApplication) -> LoadedApplication:
    lock_row(Call, loaded.call.id)
    lock_row(Application, loaded.application.id)
    for row in (loaded.call, loaded.application, loaded.assignment):
        if row is not None:
            reload_row(row)
    return get_known_application_by_id(actor, loaded.application.id)


def take_conflict_back(actor: Actor, loaded: LoadedApplication) -> None:
    """Take back the conflict that one declared as a juror by mistake, and be asked again.

    Raises `Overtaken`, which says why, after an hour, once scores are open, a lead confirmed it, took them
    off or gave the application to another; `NotFound`.
    """
    own = loaded.assignment
    if own is None:
        raise NotFound
    if obstacle := find_conflict_undo_obstacle(_lock_and_reload(actor, loaded)):
        sentence = str(labels.CONFLICT_UNDO_OBSTACLES[obstacle])
        raise Overtaken(sentence, applications.application_path(loaded))
    own.declaration, own.conflict_reason = InterestDeclaration.AWAITED, ""
    own.declared_at = own.recused_at = None
    applications.record_application_act(actor, TAKEN_BACK, loaded.application, person_id=actor.person_id)


def declare_lead_interest(actor: Actor, loaded: LoadedApplication, reason: str) -> None:
    """Declare a conflict as a lead, who is shut out from then on."""
    declare_interests(actor, loaded, reason, has_conflict=True)


def _shut_out_person(loaded: LoadedApplication, person_id: UUID, reason: str) -> None:
    """Recuse a juror and shut out a lead, whatever the person is of the application."""
    application = loaded.application
    row = db.session.scalar(
        select(JuryAssignment).where(
            JuryAssignment.application_id == application.id, JuryAssignment.person_id == person_id
        )
    )
    if row is not None:
        row.declaration, row.conflict_reason = InterestDeclaration.CONFLICT, reason
        if row.recused_at is None:
            row.declared_at = row.recused_at = clock.now()
        row.declared_at = row.declared_at or clock.now()
        row.sent_at = None  # what they sent counts no more; it is a draft again where they take it back
    if person_id in _list_ids_of_leads_not_shut_out(loaded):
        db.session.add(LeadConflict(application_id=application.id, person_id=person_id, reason=reason))
    db.session.flush()


def _list_ids_of_leads_not_shut_out(loaded: LoadedApplication) -> frozenset[UUID]:
    """The leads of the call who are not shut out of the application yet."""
    return frozenset(
        person.id for person in read_application_leadership(loaded.call, loaded.application).free
    )


def settle_conflict(
    actor: Actor, loaded: LoadedApplication, person_id: UUID, reason: str, *, is_confirmed: bool
) -> None:
    """Confirm or set aside a likely conflict, once. Raises `NotFound`, `Overtaken`."""
    _lock_assignable_application(actor, loaded)
    likely = get_likely_conflict(actor, loaded, person_id)
    settled = SettledConflict(
        application_id=loaded.application.id,
        person_id=person_id,
        grounds=",".join(likely.grounds),
        is_confirmed=is_confirmed,
        reason=reason,
        settled_by_id=actor.person_id,
    )
    db.session.add(settled)
    if is_confirmed:
        _shut_out_person(loaded, person_id, reason)
    action = CONFIRMED if is_confirmed else SET_ASIDE
    applications.record_application_act(actor, action, loaded.application, person_id=person_id)
    if is_confirmed:
        open_scores_when_complete(actor, loaded.call, loaded.application)


def get_likely_conflict(actor: Actor, loaded: LoadedApplication, person_id: UUID) -> LikelyConflict:
    """A likely conflict of a person that nobody settled. Raises `NotFound`."""
    for likely in list_likely_conflicts(actor, [loaded.call], [loaded.application.id]):
        if likely.person_id == person_id:
            return likely
    raise NotFound


def require_may_assign(loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, or `TooLate` once scores are open."""
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    _require_assignable(loaded)
