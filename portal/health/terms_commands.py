"""From which numbers a programme's signals speak: the change, and all teams read again."""

from sqlalchemy import select

from portal.health import policy
from portal.health.definition import Code, Thresholds
from portal.health.models import HealthTerms
from portal.health.queries import get_definition
from portal.health.recording import read_project
from portal.kernel import audit
from portal.kernel.access import Actor, require
from portal.kernel.db import db, lock_row, save
from portal.kernel.errors import Conflict, RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.projects.policy import GOES_ON

CHANGED = audit.Action("health_terms.changed", _l("a changé les seuils d’un signal de santé"))


def change_terms(
    actor: Actor, programme: Programme, code: Code, asked: Thresholds, *, because: str, seen: int
) -> HealthTerms:
    """Speak from other numbers on, from now; `seen` is the edition read. What was true under the
    old ones stays so. Raises `RuleBroken` on `alert`, or of the whole form; `Conflict`."""
    require_to_set(actor, programme)
    lock_row(Programme, programme.id)
    present = get_definition(programme.id, code.value)
    if present.edition != seen:
        raise Conflict
    if asked == present.thresholds:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    _check(code, asked)
    row = HealthTerms(
        programme_id=programme.id,
        code=code,
        edition=present.edition + 1,
        watch=asked.watch,
        alert=asked.alert,
        because=because,
        changed_by_id=actor.person_id,
    )
    db.session.add(row)
    save()
    was = present.thresholds
    changes = {"watch": (was.watch, asked.watch), "alert": (was.alert, asked.alert)}
    facts = {"path": f"/programmes/{programme.slug}/health"}
    audit.record(actor, CHANGED, row, scope_id=programme.id, facts=facts, changes=changes)
    mine = select(Project).where(Project.programme_id == programme.id, *GOES_ON)
    for project in db.session.scalars(mine.order_by(Project.id)).all():
        read_project(project, frozenset())
    return row


def require_to_set(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses seuils. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def _check(code: Code, asked: Thresholds) -> None:
    """Findings count from other moments for each: the gravest are waited for less long."""
    both = asked.watch is not None and asked.alert is not None
    if both and code is not Code.FINDINGS and (asked.watch or 0) >= (asked.alert or 0):
        raise RuleBroken("alert", _("L’alerte vient après : donnez un nombre plus grand."))
