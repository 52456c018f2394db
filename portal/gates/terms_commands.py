"""What a programme asks at its gates: what a change would move, and the change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from portal.gates import policy, queries
from portal.gates.definition import Acceptor, Definition, Terms
from portal.gates.evaluating import hold, judge_gates
from portal.gates.models import GateTerms
from portal.gates.predicates import Evaluation
from portal.gates.standing import Numbers, State, numbers, state_of
from portal.kernel import audit, clock
from portal.kernel.access import Actor, require
from portal.kernel.db import db, lock_row, save
from portal.kernel.errors import Conflict, RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.programmes.models import Programme
from portal.programmes.queries import list_tracks
from portal.projects.models import Project

CHANGED = audit.Action("gate_terms.changed", _l("a changé ce que demande le jalon G%(number)s"))


@dataclass(frozen=True)
class Move:
    """What a change does to one team: its numbers, and the state of the gate."""

    project: Project
    before: State
    after: State
    was: Numbers
    now: Numbers

    @property
    def is_none(self) -> bool:
        return self.was == self.now and self.before.standing is self.after.standing


def preview(programme: Programme, changed: Definition) -> Sequence[Move]:
    """Each team whose numbers or gate would move, by organisation."""
    projects = queries.list_open_projects(programme.id)
    histories = queries.read_histories(projects)
    moves = []
    for project in projects:
        states = list(queries.states_of(project, histories[project.id]))
        place = next(n for n, one in enumerate(states) if one.definition.number == changed.number)
        before = states[place]
        (judged,) = queries.judge(project, [changed])
        after = _judged_so(before, changed, judged)
        others = [*states[:place], after, *states[place + 1 :]]
        moves.append(Move(project, before, after, numbers(states), numbers(others)))
    return [one for one in moves if not one.is_none]


def _judged_so(before: State, changed: Definition, judged: Evaluation) -> State:
    decided = (before.answer, before.declared, before.waiver)
    told = sorted((one for one in decided if one is not None), key=lambda one: one.at)
    return state_of(changed, judged, told, clock.today())


def change_terms(
    actor: Actor, programme: Programme, gate: int, terms: Terms, *, because: str, seen: int
) -> GateTerms:
    """Ask something else from now on; `seen` is the edition read. All teams of the programme that
    are not over are judged anew. Raises `RuleBroken`; `Conflict`."""
    require_to_set(actor, programme)
    lock_row(Programme, programme.id)
    present = queries.get_definition(programme.id, gate)
    if present.edition != seen:
        raise Conflict
    check_terms(programme, terms)
    if terms == present.terms:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    row = GateTerms(
        programme_id=programme.id,
        gate=gate,
        edition=present.edition + 1,
        because=because,
        changed_by_id=actor.person_id,
        **_plain(terms),
    )
    db.session.add(row)
    save()
    old, new = _plain(present.terms), _plain(terms)
    changes = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    facts = {"number": gate, "path": f"/programmes/{programme.slug}/gates/{gate}"}
    audit.record(actor, CHANGED, row, scope_id=programme.id, facts=facts, changes=changes)
    changed = replace(present, terms=terms, edition=row.edition)
    for project in queries.list_open_projects(programme.id):
        hold(project)
        judge_gates(project, [changed], actor.person_id)
    return row


def require_to_set(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses jalons. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def check_terms(programme: Programme, terms: Terms) -> None:
    """Raises `RuleBroken` on `track`."""
    tracks = {track.key for track in list_tracks(programme.id)}
    if terms.acceptor is Acceptor.TRACK_COACH and terms.track not in tracks:
        raise RuleBroken("track", _("Choisissez le volet dont le coach accepte ce jalon."))


def _plain(terms: Terms) -> dict[str, object]:
    return asdict(terms) | {"asked": dict(terms.asked)}
