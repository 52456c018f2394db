"""Change the thresholds of a programme's signals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.oversight.gates.projections import lock_programme_gates
from portal.oversight.health import policy
from portal.oversight.health.definition_rules import HealthLevel, SignalCode, SignalDefinition, Thresholds
from portal.oversight.health.labels import LEVELS, SIGNALS
from portal.oversight.health.models import SignalTerms
from portal.oversight.health.projections import refresh_project_reading
from portal.oversight.health.queries import (
    compute_lateness_increments,
    get_definition,
    read_definitions,
    read_programme_states,
)
from portal.oversight.health.signal_computation_rules import compute_signals
from portal.oversight.health.state_rules import HealthSnapshot
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken, require_warning_seen
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first, ngettext
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

CHANGED = audit.Action("health_terms.changed", _l("a changé les seuils d’un signal de santé"))


@dataclass(frozen=True)
class TeamHealthChange:
    """A team whose health would have another level, another first reason or be new again."""

    project: Project
    before: HealthSnapshot
    after: HealthSnapshot


def preview_health_changes(programme: Programme, changed: SignalDefinition) -> Sequence[TeamHealthChange]:
    """Return the active teams that a changed signal would move today, by organisation."""
    definitions = {**read_definitions(programme.id), changed.code: changed}
    states = read_programme_states(programme.id)
    steps, moves = compute_lateness_increments(states.values()), []
    statement = select(Project).where(Project.programme_id == programme.id, *IS_ACTIVE)
    for project in db.session.scalars(statement.order_by(Project.organisation_fold, Project.id)):
        state = states.get(project.id)
        if state is None:
            continue
        day, facts = state.day, state.facts
        signals = compute_signals(facts, definitions, day, state.signals, steps)
        after = replace(state, signals=signals)
        if _health_key(after) != _health_key(state):
            moves.append(TeamHealthChange(project, state, after))
    return moves


def _health_key(state: HealthSnapshot) -> tuple[HealthLevel, bool, SignalCode | None]:
    return state.level, state.is_in_charge, state.first_reason.code if state.first_reason else None


def change_terms(
    actor: Actor,
    programme: Programme,
    code: SignalCode,
    thresholds: Thresholds,
    *,
    because: str,
    read_edition: int,
    knowingly: bool | str = False,
) -> SignalTerms:
    """Add an edition of a signal's thresholds, refresh all active projects, return the row.

    `read_edition` is the edition that was read; earlier days keep the old thresholds. Raises
    `RuleBroken` on `alert`, without a change, and on `knowingly` until the actor confirms which
    teams move; `Conflict`, `NotAllowed`.
    """
    require_can_set_terms(actor, programme)
    lock_programme_gates(programme)
    present = get_definition(programme.id, code.value)
    if present.edition != read_edition:
        raise Conflict
    if thresholds == present.thresholds:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    require_ordered_thresholds(code, thresholds)
    changed = replace(present, thresholds=thresholds)
    if knowingly is not True and (moves := preview_health_changes(programme, changed)):
        require_warning_seen("knowingly", _describe_health_changes(moves), knowingly)
    row = SignalTerms(
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
        refresh_project_reading(project, frozenset())
    return row


def require_can_set_terms(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses seuils. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def require_ordered_thresholds(code: SignalCode, thresholds: Thresholds) -> None:
    """Raise `RuleBroken` on `alert` unless ALERT comes after WATCH; findings are exempt, where they
    count different severities."""
    watch, alert = thresholds.watch, thresholds.alert
    if code is SignalCode.FINDINGS or watch is None or alert is None:
        return
    if watch >= alert:
        raise RuleBroken("alert", _("L’alerte vient après : donnez un nombre plus grand."))


def _describe_health_changes(moves: Sequence[TeamHealthChange]) -> str:
    """How many teams move; then a line a team, with its health before and after."""
    teams = [
        _(
            "%(team)s (%(before)s, puis %(after)s)",
            team=move.project.short_name,
            before=_describe_team_health(move.before, move.after),
            after=_describe_team_health(move.after, move.before),
        )
        for move in moves
    ]
    question = ngettext(
        "Ce changement touche %(num)s équipe. Cochez pour le faire.",
        "Ce changement touche %(num)s équipes. Cochez pour le faire.",
        len(moves),
    )
    return "\n".join([question, *teams])


def _describe_team_health(state: HealthSnapshot, other: HealthSnapshot) -> str:
    """The level of a team, or what is said of it first where its level stays."""
    level, first = lower_first(LEVELS[state.level][0]), state.first_reason
    if first is None or state.level is not other.level:
        return level
    what = str(SIGNALS[first.code])
    what = what[0].lower() + what[1:]
    return _("suivi : %(what)s", what=what) if state.is_in_charge else _("non suivi : %(what)s", what=what)
