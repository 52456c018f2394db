"""What a programme asks at its gates: what a change would move, and the change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from portal.gates import policy, queries
from portal.gates.definition import Acceptor, Definition, Terms
from portal.gates.evaluating import hold, judge_gates
from portal.gates.models import GateTerms
from portal.gates.standing import Numbers, State, judged_anew, numbers
from portal.kernel import audit, clock
from portal.kernel.access import Actor, require
from portal.kernel.db import db, lock_row, save
from portal.kernel.errors import Conflict, RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.programmes.models import Programme
from portal.programmes.queries import list_tracks
from portal.projects.models import Project

TOLD_MAX = 12  # teams named in the warning

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
        after = judged_anew(before, changed, judged, clock.today())
        others = [*states[:place], after, *states[place + 1 :]]
        moves.append(Move(project, before, after, numbers(states), numbers(others)))
    return [one for one in moves if not one.is_none]


def change_terms(
    actor: Actor,
    programme: Programme,
    gate: int,
    terms: Terms,
    *,
    because: str,
    seen: int,
    knowingly: bool = False,
) -> GateTerms:
    """Ask something else from now on; `seen` is the edition read. All teams of the programme that
    are not over are judged anew. Raises `RuleBroken`, on `knowingly` until somebody has read whom
    it moves; `Conflict`."""
    require_to_set(actor, programme)
    lock_row(Programme, programme.id)
    present = queries.get_definition(programme.id, gate)
    if present.edition != seen:
        raise Conflict
    check_terms(programme, terms)
    if terms == present.terms:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    changed = replace(present, terms=terms, edition=present.edition + 1)
    if not knowingly and (moves := preview(programme, changed)):
        raise RuleBroken("knowingly", _tell(moves))
    row = GateTerms(
        programme_id=programme.id,
        gate=gate,
        edition=changed.edition,
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
    for project in queries.list_open_projects(programme.id):
        hold(project)
        judge_gates(project, [changed], actor.person_id)
    return row


def _tell(moves: Sequence[Move]) -> str:
    """Whom a change moves, in a sentence."""
    teams = " ; ".join(
        _(
            "%(team)s (prouvé %(a)s → %(b)s %%, accepté %(c)s → %(d)s %%)",
            team=one.project.short_name,
            a=one.was.percent(one.was.proved),
            b=one.now.percent(one.now.proved),
            c=one.was.percent(one.was.accepted),
            d=one.now.percent(one.now.accepted),
        )
        for one in moves[:TOLD_MAX]
    )
    more = len(moves) - TOLD_MAX
    if more > 0:
        teams += _(" ; et %(n)s autres", n=more)
    return _("Cela déplace : %(teams)s. Cochez la case si c’est voulu.", teams=teams)


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
