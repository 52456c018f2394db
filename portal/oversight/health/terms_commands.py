"""Change the thresholds of a programme's signals."""

from sqlalchemy import select

from portal.oversight.gates.projections import lock_programme_gates
from portal.oversight.health import policy
from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.models import HealthTerms
from portal.oversight.health.projections import refresh_project
from portal.oversight.health.queries import get_definition
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

CHANGED = audit.Action("health_terms.changed", _l("a changé les seuils d’un signal de santé"))


def change_terms(
    actor: Actor,
    programme: Programme,
    code: SignalCode,
    thresholds: Thresholds,
    *,
    because: str,
    read_edition: int,
) -> HealthTerms:
    """Add an edition of a signal's thresholds, refresh all active projects, return the row.

    `read_edition` is the edition that was read; earlier days keep the old thresholds. Raises
    `RuleBroken` on `alert` or without a change; `Conflict`, `NotAllowed`.
    """
    require_can_set_terms(actor, programme)
    lock_programme_gates(programme)
    present = get_definition(programme.id, code.value)
    if present.edition != read_edition:
        raise Conflict
    if thresholds == present.thresholds:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    _check_thresholds(code, thresholds)
    row = HealthTerms(
        programme_id=programme.id,
        code=code,
        edition=present.edition + 1,
        watch=thresholds.watch,
        alert=thresholds.alert,
        because=because,
        changed_by_id=actor.person_id,
    )
    db.session.add(row)
    flush_session()
    old = present.thresholds
    changes = {"watch": (old.watch, thresholds.watch), "alert": (old.alert, thresholds.alert)}
    facts = {"path": f"/programmes/{programme.slug}/health"}
    audit.record(actor, CHANGED, row, scope_id=programme.id, facts=facts, changes=changes)
    statement = select(Project).where(Project.programme_id == programme.id, *IS_ACTIVE)
    for project in db.session.scalars(statement.order_by(Project.id)).all():
        refresh_project(project, frozenset())
    return row


def require_can_set_terms(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses seuils. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def _check_thresholds(code: SignalCode, thresholds: Thresholds) -> None:
    """ALERT must come after WATCH, but for findings, where they count different severities."""
    watch, alert = thresholds.watch, thresholds.alert
    if code is SignalCode.FINDINGS or watch is None or alert is None:
        return
    if watch >= alert:
        raise RuleBroken("alert", _("L’alerte vient après : donnez un nombre plus grand."))
