"""Change the terms of a programme's gates, after naming the teams that this moves."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from portal.oversight.gates import definition_queries, policy, queries
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition, GateTermsValues
from portal.oversight.gates.effect_queries import TeamGatesBeforeAndAfter, preview_team_effects
from portal.oversight.gates.labels import STANDINGS
from portal.oversight.gates.models import GateTerms
from portal.oversight.gates.projections import (
    judge_gates_of_locked_project,
    lock_programme_gates,
    lock_project_gates,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken, require_warning_seen
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first

TEAMS_NAMED_MAX = 12  # teams named in the warning

CHANGED = audit.Action("gate_terms.changed", _l("a changé ce que demande le jalon G%(number)s"))
ADDED = audit.Action("gate_terms.added", _l("a ajouté le jalon G%(number)s au programme"))
LEFT_OUT = audit.Action("gate_terms.left_out", _l("a retiré le jalon G%(number)s du programme"))
PUT_BACK = audit.Action("gate_terms.put_back", _l("a remis le jalon G%(number)s au programme"))


def change_terms(
    actor: Actor,
    programme: Programme,
    gate: int,
    terms: GateTermsValues,
    *,
    because: str,
    read_edition: int,
    knowingly: bool | str = False,
) -> GateTerms:
    """Add an edition of a gate's terms, evaluate the gate for all open projects, return the row.

    `read_edition` is the edition that was read. Raises `RuleBroken`: on `track`, and on `knowingly`
    until the actor confirms the effects on teams; `Conflict`, `NotAllowed`, and `NotFound` for a gate
    that is left out.
    """
    require_can_set_terms(actor, programme)
    lock_programme_gates(programme)
    present = definition_queries.get_definition_unless_left_out(programme.id, gate)
    if present.edition != read_edition:
        raise Conflict
    check_terms(programme, terms)
    if terms == present.terms:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    changed = replace(present, terms=terms, edition=present.edition + 1)
    require_known_effects(programme, [changed], knowingly=knowingly)
    row = append_edition(actor, programme, present, changed, because=because)
    judge_changed_gates(actor, programme, [changed])
    return row


def append_edition(
    actor: Actor,
    programme: Programme,
    present: GateDefinition,
    changed: GateDefinition,
    *,
    because: str,
    action: audit.Action = CHANGED,
) -> GateTerms:
    """Append an edition of a gate and its audit line; the caller has checked the permission."""
    new = _build_edition_values(changed)
    row = GateTerms(
        programme_id=programme.id,
        gate=changed.number,
        edition=changed.edition,
        because=because,
        changed_by_id=actor.person_id,
        **new,
    )
    db.session.add(row)
    flush_session()
    old = _build_edition_values(present)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    path = f"/programmes/{programme.slug}/gates/{changed.number}"
    facts = {"number": changed.number, "path": path}
    audit.record(actor, action, row, scope_id=programme.id, facts=facts, changes=changes)
    return row


def judge_changed_gates(actor: Actor, programme: Programme, changed: Sequence[GateDefinition]) -> None:
    """Evaluate changed gates for all open projects of a programme."""
    for project in queries.list_open_projects(programme.id):
        lock_project_gates(project)
        judge_gates_of_locked_project(project, changed, actor.person_id)


def require_known_effects(
    programme: Programme, changed: Sequence[GateDefinition], *, knowingly: bool | str
) -> None:
    """Raises `RuleBroken` on `knowingly` that names the teams a change moves, until the actor
    confirms what they were told."""
    if knowingly is True:
        return
    effects = preview_team_effects(programme, changed)
    if not effects:
        return
    lines = [_describe_effect(effect) for effect in effects[:TEAMS_NAMED_MAX]]
    if (more := len(effects) - TEAMS_NAMED_MAX) > 0:
        lines.append(_("et %(n)s autres", n=more))
    sentence = "\n".join([_("Ce changement touche ces équipes. Cochez la case si c’est voulu."), *lines])
    require_warning_seen("knowingly", sentence, knowingly)


def _describe_effect(effect: TeamGatesBeforeAndAfter) -> str:
    """Return a team's name with its progress and its expected lateness before and after."""
    before, after, lateness = effect.progress_before, effect.progress_after, effect.lateness
    parts = []
    if before.percents != after.percents:
        parts.append(
            _(
                "prouvé %(a)s → %(b)s %%, accepté %(c)s → %(d)s %%",
                a=before.percents["proved"],
                b=after.percents["proved"],
                c=before.percents["accepted"],
                d=after.percents["accepted"],
            )
        )
    if lateness.before != lateness.after:
        parts.append(_("retard attendu %(a)s → %(b)s jours", a=lateness.before, b=lateness.after))
    what = ", ".join(parts or _list_gate_moves(effect)) or _("date attendue d’un jalon")
    return f"{effect.project.short_name} ({what})"


def _list_gate_moves(effect: TeamGatesBeforeAndAfter) -> Sequence[str]:
    """The gates that a team gets or loses, and those whose state or month changes."""
    before, after = (
        {state.definition.number: state for state in states} for states in (effect.before, effect.after)
    )
    moves = [_("G%(n)s en plus", n=n) for n in sorted(after.keys() - before.keys())]
    moves += [_("G%(n)s en moins", n=n) for n in sorted(before.keys() - after.keys())]
    for n in sorted(before.keys() & after.keys()):
        old, new = before[n], after[n]
        if old.standing is not new.standing:
            names = (lower_first(STANDINGS[state.standing]) for state in (old, new))
            moves.append(_("G%(n)s %(a)s → %(b)s", n=n, **dict(zip("ab", names, strict=True))))
        elif old.definition.terms.month != new.definition.terms.month:
            months = old.definition.terms.month, new.definition.terms.month
            moves.append(_("G%(n)s, mois %(a)s → %(b)s", n=n, a=months[0], b=months[1]))
    return moves


def require_can_set_terms(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses jalons. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def check_terms(programme: Programme, terms: GateTermsValues) -> None:
    """Raises `RuleBroken` on `track` if the acceptor coaches a track the programme lacks."""
    tracks = {track.key for track in list_tracks(programme.id)}
    if terms.acceptor is GateAcceptor.TRACK_COACH and terms.track not in tracks:
        raise RuleBroken("track", _("Choisissez le volet dont le coach accepte ce jalon."))


def _build_edition_values(definition: GateDefinition) -> dict[str, object]:
    """Return the columns of an edition."""
    terms = asdict(definition.terms) | {"thresholds": dict(definition.thresholds)}
    names = {"name_fr": definition.name_fr, "name_en": definition.name_en}
    return {
        **terms,
        **names,
        "predicates": list(definition.predicates),
        "place": definition.place,
        "is_left_out": definition.is_left_out,
    }
