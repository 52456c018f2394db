"""Take charge of a signal of a project's health, or let it go."""

from datetime import date, timedelta

from portal.oversight.health import policy
from portal.oversight.health.charge_queries import find_charge_row_with_values, find_last_charge
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.models import SignalCharge
from portal.oversight.health.projections import lock_charges, refresh_charge_figures
from portal.oversight.health.queries import read_state
from portal.oversight.health.signal_rules import CHARGE_DAYS_MAX
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_due_date_problem
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_project_active

PUT_IN_CHARGE = audit.Action("health.signal_in_charge", _l("s’engage sur un signal de santé"))
RELEASED = audit.Action("health.signal_released", _l("ne suit plus un signal de santé"))


def take_charge(
    actor: Actor, project: Project, code: SignalCode, text: str, until: date, *, read_edition: int
) -> SignalCharge:
    """Append that the actor takes charge of a raised signal until a day; return the row.

    `read_edition` is the edition of the charge that was read, 0 without any. The last charge, sent
    again by the same person, is returned as it is. Raises `Conflict` if somebody took charge since;
    `RuleBroken` on `until`, or where the signal is not raised; `NotAllowed`, `TooLate`.
    """
    require_can_take_charge(actor, project)
    lock_charges(project)
    last = find_last_charge(project, code)
    if (last.edition if last else 0) != read_edition:
        if repeated := find_charge_row_with_values(project, last, actor.person_id, text, until):
            return repeated
        raise Conflict
    today = clock.today()
    if fault := find_due_date_problem(until):
        raise RuleBroken("until", fault)
    if until > today + timedelta(days=CHARGE_DAYS_MAX):
        raise RuleBroken("until", _("Donnez une date d’ici à trente jours au plus."))
    state = read_state(project)
    if state is None or code not in {signal.code for signal in state.reasons}:
        raise RuleBroken(None, _("Ce signal ne demande plus d’attention : il n’y a rien à suivre."))
    row = SignalCharge(
        project_id=project.id,
        code=code,
        edition=read_edition + 1,
        text=text,
        taken_on=today,
        until=until,
        taken_by_id=actor.person_id,
    )
    _append_charge_edition(actor, project, row, PUT_IN_CHARGE, until_before=None)
    return row


def end_signal_charge(actor: Actor, project: Project, code: SignalCode, *, read_edition: int) -> None:
    """End the charge of a signal now, which is new again: an edition that ended yesterday. A past day
    still says who was in charge.

    Raises `Conflict` if somebody took charge since; `RuleBroken` where nobody is in charge;
    `NotAllowed`, `TooLate`.
    """
    require_can_take_charge(actor, project)
    lock_charges(project)
    last, yesterday = find_last_charge(project, code), clock.today() - timedelta(days=1)
    if last is None or last.until <= yesterday:
        raise RuleBroken(None, _("Personne ne suit ce signal."))
    if last.edition != read_edition:
        raise Conflict
    row = SignalCharge(
        project_id=project.id,
        code=code,
        edition=last.edition + 1,
        text=last.text,
        taken_on=last.on,
        until=yesterday,
        taken_by_id=actor.person_id,
    )
    _append_charge_edition(actor, project, row, RELEASED, until_before=last.until)


def _append_charge_edition(
    actor: Actor, project: Project, row: SignalCharge, action: audit.Action, *, until_before: date | None
) -> None:
    """Store an edition of a charge with its line of the trail, and refresh what is stored of the team."""
    db.session.add(row)
    flush_session()
    refresh_charge_figures(project)
    facts = {"path": f"/projects/{project.slug}/health"}
    changes: audit.Changes = {"code": (None, row.code.value), "until": (until_before, row.until)}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)


def require_can_take_charge(actor: Actor, project: Project) -> None:
    """Raises `NotAllowed` to all but coaches of the project and leads of its programme."""
    sentence = _("Seuls un coach du projet et la direction du programme suivent un signal.")
    require(policy.may_take_charge(actor, project), sentence)
    require_project_active(project)
