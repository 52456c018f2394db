"""What a programme asks at its gates: what a change would move, and the change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from portal.oversight.gates import policy, queries
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition, GateTermsValues
from portal.oversight.gates.models import GateTerms
from portal.oversight.gates.projections import judge_gates, lock_project_gates
from portal.oversight.gates.state_rules import (
    GateProgress,
    GateState,
    sum_progress,
    with_evaluation,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

TEAMS_NAMED_MAX = 12  # teams named in the warning

CHANGED = audit.Action("gate_terms.changed", _l("a changé ce que demande le jalon G%(number)s"))


@dataclass(frozen=True)
class TermsEffect:
    """What a change does to one team: its numbers, and the state of the gate."""

    project: Project
    before: GateState
    after: GateState
    was: GateProgress
    now: GateProgress

    @property
    def changes_nothing(self) -> bool:
        return self.was == self.now and self.before.standing is self.after.standing


def preview_effects(programme: Programme, changed: GateDefinition) -> Sequence[TermsEffect]:
    """Each team whose numbers or gate would move, by organisation."""
    projects = queries.list_open_projects(programme.id)
    histories = queries.read_histories(projects)
    moves = []
    for project in projects:
        states = list(queries.derive_states(project, histories[project.id]))
        place = next(
            n for n, state in enumerate(states) if state.definition.number == changed.number
        )
        before = states[place]
        (judged,) = queries.evaluate_now(project, [changed])
        after = with_evaluation(before, changed, judged, clock.today())
        others = [*states[:place], after, *states[place + 1 :]]
        moves.append(
            TermsEffect(project, before, after, sum_progress(states), sum_progress(others))
        )
    return [move for move in moves if not move.changes_nothing]


def change_terms(
    actor: Actor,
    programme: Programme,
    gate: int,
    terms: GateTermsValues,
    *,
    because: str,
    read_edition: int,
    knowingly: bool = False,
) -> GateTerms:
    """Ask something else from now on; `seen` is the edition read. All teams of the programme that
    are not over are judged anew. Raises `RuleBroken`, on `knowingly` until somebody has read whom
    it moves; `Conflict`."""
    require_can_set_terms(actor, programme)
    lock_row(Programme, programme.id)
    present = queries.get_definition(programme.id, gate)
    if present.edition != read_edition:
        raise Conflict
    check_terms(programme, terms)
    if terms == present.terms:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    changed = replace(present, terms=terms, edition=present.edition + 1)
    if not knowingly and (moves := preview_effects(programme, changed)):
        raise RuleBroken("knowingly", _effects_warning(moves))
    row = GateTerms(
        programme_id=programme.id,
        gate=gate,
        edition=changed.edition,
        because=because,
        changed_by_id=actor.person_id,
        **_terms_as_plain(terms),
    )
    db.session.add(row)
    flush_session()
    old, new = _terms_as_plain(present.terms), _terms_as_plain(terms)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    facts = {"number": gate, "path": f"/programmes/{programme.slug}/gates/{gate}"}
    audit.record(actor, CHANGED, row, scope_id=programme.id, facts=facts, changes=changes)
    for project in queries.list_open_projects(programme.id):
        lock_project_gates(project)
        judge_gates(project, [changed], actor.person_id)
    return row


def _effects_warning(moves: Sequence[TermsEffect]) -> str:
    """Whom a change moves, in a sentence."""
    teams = " ; ".join(
        _(
            "%(team)s (prouvé %(a)s → %(b)s %%, accepté %(c)s → %(d)s %%)",
            team=move.project.short_name,
            a=move.was.percent(move.was.proved),
            b=move.now.percent(move.now.proved),
            c=move.was.percent(move.was.accepted),
            d=move.now.percent(move.now.accepted),
        )
        for move in moves[:TEAMS_NAMED_MAX]
    )
    more = len(moves) - TEAMS_NAMED_MAX
    if more > 0:
        teams += _(" ; et %(n)s autres", n=more)
    return _("Cela déplace : %(teams)s. Cochez la case si c’est voulu.", teams=teams)


def require_can_set_terms(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses jalons. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def check_terms(programme: Programme, terms: GateTermsValues) -> None:
    """Raises `RuleBroken` on `track`."""
    tracks = {track.key for track in list_tracks(programme.id)}
    if terms.acceptor is GateAcceptor.TRACK_COACH and terms.track not in tracks:
        raise RuleBroken("track", _("Choisissez le volet dont le coach accepte ce jalon."))


def _terms_as_plain(terms: GateTermsValues) -> dict[str, object]:
    return asdict(terms) | {"thresholds": dict(terms.thresholds)}
