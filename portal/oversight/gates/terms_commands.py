"""Change the terms of a programme's gates, and preview the effects on its teams."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from portal.oversight.gates import policy, queries
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition, GateTermsValues
from portal.oversight.gates.models import GateTerms
from portal.oversight.gates.projections import judge_gates, lock_project_gates
from portal.oversight.gates.state_rules import GateProgress, GateState, sum_progress, with_evaluation
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
    """Effect of changed terms on one team: state of the gate and progress, before and after."""

    project: Project
    before: GateState
    after: GateState
    progress_before: GateProgress
    progress_after: GateProgress

    @property
    def changes_nothing(self) -> bool:
        same_progress = self.progress_before == self.progress_after
        return same_progress and self.before.standing is self.after.standing


def preview_effects(programme: Programme, changed: GateDefinition) -> Sequence[TermsEffect]:
    """Return the effects on each team whose progress or gate would change, by organisation."""
    projects = queries.list_open_projects(programme.id)
    histories = queries.read_histories(projects)
    effects = []
    for project in projects:
        states = list(queries.derive_states(project, histories[project.id]))
        before = next(state for state in states if state.definition.number == changed.number)
        (evaluation,) = queries.evaluate_now(project, [changed])
        after = with_evaluation(before, changed, evaluation, clock.today())
        changed_states = [after if state is before else state for state in states]
        effects.append(
            TermsEffect(project, before, after, sum_progress(states), sum_progress(changed_states))
        )
    return [effect for effect in effects if not effect.changes_nothing]


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
    """Add an edition of a gate's terms, evaluate the gate for all open projects, return the row.

    `read_edition` is the edition that was read. Raises `RuleBroken`: on `track`, and on `knowingly`
    until the actor confirms the effects on teams; `Conflict`, `NotAllowed`.
    """
    require_can_set_terms(actor, programme)
    lock_row(Programme, programme.id)
    present = queries.get_definition(programme.id, gate)
    if present.edition != read_edition:
        raise Conflict
    _check_terms(programme, terms)
    if terms == present.terms:
        raise RuleBroken(None, _("Rien ne change : modifiez au moins une valeur."))
    changed = replace(present, terms=terms, edition=present.edition + 1)
    if not knowingly and (effects := preview_effects(programme, changed)):
        raise RuleBroken("knowingly", _effects_warning(effects))
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


def _effects_warning(effects: Sequence[TermsEffect]) -> str:
    """A sentence that names the teams whose progress changes."""
    teams = " ; ".join(
        _(
            "%(team)s (prouvé %(a)s → %(b)s %%, accepté %(c)s → %(d)s %%)",
            team=effect.project.short_name,
            a=effect.progress_before.percents["proved"],
            b=effect.progress_after.percents["proved"],
            c=effect.progress_before.percents["accepted"],
            d=effect.progress_after.percents["accepted"],
        )
        for effect in effects[:TEAMS_NAMED_MAX]
    )
    more = len(effects) - TEAMS_NAMED_MAX
    if more > 0:
        teams += _(" ; et %(n)s autres", n=more)
    return _("Cela déplace : %(teams)s. Cochez la case si c’est voulu.", teams=teams)


def require_can_set_terms(actor: Actor, programme: Programme) -> None:
    sentence = _("Seule la direction du programme change ses jalons. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)


def _check_terms(programme: Programme, terms: GateTermsValues) -> None:
    """Raises `RuleBroken` on `track` if the acceptor coaches a track the programme lacks."""
    tracks = {track.key for track in list_tracks(programme.id)}
    if terms.acceptor is GateAcceptor.TRACK_COACH and terms.track not in tracks:
        raise RuleBroken("track", _("Choisissez le volet dont le coach accepte ce jalon."))


def _terms_as_plain(terms: GateTermsValues) -> dict[str, object]:
    return asdict(terms) | {"thresholds": dict(terms.thresholds)}
