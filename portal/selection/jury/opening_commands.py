"""Scores open when all are in, or by a lead with a reason."""

from sqlalchemy import func, select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call, CallState
from portal.selection.jury import policy, sheet_labels
from portal.selection.jury.models import JuryAssignment

OPENED = audit.Action("scores.opened")


def open_scores_when_complete(actor: Actor | None, call: Call, application: Application) -> bool:
    """Open the scores of a locked application once all its jurors have sent theirs, and no fewer
    than the call asks; those of what no jury judges never. Returns whether it opened."""
    if application.opened_at is not None or application.state in policy.UNSCORED_STATES:
        return False
    db.session.flush()
    jurors = select(func.count(), func.count(JuryAssignment.sent_at)).where(
        JuryAssignment.application_id == application.id,
        JuryAssignment.published_at.is_not(None),
        JuryAssignment.recused_at.is_(None),
    )
    awaited, sent = db.session.execute(jurors).one()
    complete = awaited == sent and sent >= call.scores_needed
    if not complete or call.state is not CallState.IN_REVIEW:
        return False
    _open_application_scores(actor, application)
    return True


def open_scores(actor: Actor, loaded: LoadedApplication, reason: str, version: int) -> None:
    """Open the scores of an application before all are in; the reason is kept.

    Raises `RuleBroken` on `reason`, `Conflict`, `TooLate`.
    """
    require(policy.may_open_scores_in_some_state(loaded), calls.leads_only_sentence())
    applications.lock_application(actor, loaded, version)
    require_can_open_scores(loaded)
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi vous n’attendez pas les notes qui manquent."))
    loaded.application.opened_by_id, loaded.application.opened_reason = actor.person_id, reason
    _open_application_scores(actor, loaded.application)


def require_can_open_scores(loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, or `TooLate` before it is eligible, where no jury scores it, unless the jury
    examines its call, and once they are open."""
    require(policy.may_open_scores_in_some_state(loaded), calls.leads_only_sentence())
    page = applications.application_path(loaded)
    if not policy.is_judged_by_jury(loaded):
        raise TooLate(sheet_labels.describe_unjudged_application(), page)
    if loaded.call.state not in policy.JUDGING_STATES:
        raise TooLate(_("Le jury n’examine pas les candidatures de cet appel."), page)
    if loaded.application.state is ApplicationState.RECEIVED:
        raise TooLate(_("Dites d’abord si cette candidature est éligible."), page)
    if not policy.can_open_scores(loaded):
        raise TooLate(_("Les notes de cette candidature sont déjà ouvertes."), page)


def _open_application_scores(actor: Actor | None, application: Application) -> None:
    application.opened_at, application.state = clock.now(), ApplicationState.SCORED
    applications.record_application_act(actor, OPENED, application)
