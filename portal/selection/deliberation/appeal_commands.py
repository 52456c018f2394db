"""Appeals against a published decision: received, examined, granted, rejected, withdrawn."""

from dataclasses import dataclass
from datetime import date

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import commands as calls
from portal.selection.deliberation import policy, queries
from portal.selection.deliberation.appeal_rules import OPEN_STATES
from portal.selection.deliberation.models import AppealState, ApplicationAppeal, DecisionKind

RECEIVED = audit.Action("appeal.received")
EXAMINED = audit.Action("appeal.examined")
CLOSED = audit.Action("appeal.closed")


@dataclass(frozen=True)
class AppealAnswer:
    """How an appeal ends; `new_outcome` is given for a granted one alone."""

    state: AppealState
    answer: str
    new_outcome: DecisionKind | None = None


def receive_appeal(
    actor: Actor, loaded: LoadedApplication, received_on: date, grounds: str
) -> ApplicationAppeal:
    """Note an appeal. Raises `RuleBroken` on `received_on`, and while another is open; `TooLate`."""
    applications.lock_application(actor, loaded)
    require_appealable(loaded)
    appeals = queries.list_appeals(loaded)
    if any(appeal.state in OPEN_STATES for appeal in appeals):
        raise RuleBroken(None, _("Un recours est déjà en cours sur cette candidature."))
    publication = queries.find_publication_of_decision(queries.find_decision(loaded))
    if publication is None or not publication.published_on <= received_on <= clock.today():
        day = format_day(publication.published_on) if publication else "—"
        sentence = _("Donnez un jour entre la publication, le %(day)s, et aujourd’hui.", day=day)
        raise RuleBroken("received_on", sentence)
    appeal = ApplicationAppeal(
        application_id=loaded.application.id,
        number=len(appeals) + 1,
        received_on=received_on,
        grounds=grounds,
    )
    db.session.add(appeal)
    applications.record_application_act(actor, RECEIVED, loaded.application)
    return appeal


def require_appealable(loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, or `TooLate` before the decision is published."""
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    if not policy.can_receive_appeal(loaded):
        sentence = _("Un recours se dépose contre une décision publiée.")
        raise TooLate(sentence, applications.application_path(loaded))


def require_may_receive_appeal(loaded: LoadedApplication) -> None:
    """Raise as `require_appealable`, and `TooLate` while another appeal is open."""
    require_appealable(loaded)
    if any(appeal.state in OPEN_STATES for appeal in queries.list_appeals(loaded)):
        sentence = _("Un recours est déjà en cours sur cette candidature.")
        raise TooLate(sentence, applications.application_path(loaded))


def examine_appeal(
    actor: Actor, loaded: LoadedApplication, appeal: ApplicationAppeal, examination: str, version: int
) -> None:
    """Note what the examination shows. Raises `Conflict`, `TooLate`."""
    _lock_open_appeal(actor, loaded, appeal, version)
    appeal.state, appeal.examined_on, appeal.examination = (
        AppealState.EXAMINED,
        clock.today(),
        examination,
    )
    applications.record_application_act(actor, EXAMINED, loaded.application)


def close_appeal(
    actor: Actor, loaded: LoadedApplication, appeal: ApplicationAppeal, reply: AppealAnswer, version: int
) -> None:
    """Grant, reject, or note that it was withdrawn. A granted one changes the outcome.

    Raises `RuleBroken` on `state` before the examination, on `new_outcome` or `answer`; `Conflict`,
    `TooLate`.
    """
    _lock_open_appeal(actor, loaded, appeal, version)
    if reply.state not in {AppealState.GRANTED, AppealState.REJECTED, AppealState.WITHDRAWN}:
        raise RuleBroken("state", _("Choisissez dans la liste."))
    if reply.state is not AppealState.WITHDRAWN:
        if appeal.state is not AppealState.EXAMINED:
            raise RuleBroken("state", _("Notez d’abord ce que l’examen montre."))
        if not reply.answer:
            raise RuleBroken("answer", _("Motivez la réponse : la lettre la reprend."))
        if reply.new_outcome is not None and reply.state is AppealState.REJECTED:
            raise RuleBroken("new_outcome", _("Un recours rejeté ne change pas la décision."))
    application = loaded.application
    current = DecisionKind(application.state.value)
    if reply.state is AppealState.GRANTED:
        if reply.new_outcome is None or reply.new_outcome is current:
            raise RuleBroken("new_outcome", _("Dites ce que la décision devient."))
        if application.project_id is not None:
            raise RuleBroken("new_outcome", _("Cette candidature est devenue un projet."))
        appeal.new_outcome, appeal.old_outcome = reply.new_outcome, current
        application.state = ApplicationState(reply.new_outcome.value)
    appeal.state, appeal.answer = reply.state, reply.answer
    appeal.closed_on, appeal.closed_by_id = clock.today(), actor.person_id
    applications.record_application_act(actor, CLOSED, application, state=reply.state)


def _lock_open_appeal(
    actor: Actor, loaded: LoadedApplication, appeal: ApplicationAppeal, version: int
) -> None:
    applications.lock_application(actor, loaded)
    reload_row(appeal)
    check_version(appeal, version)
    if appeal.state not in OPEN_STATES:
        raise TooLate(_("Ce recours est clos."), applications.application_path(loaded))
