"""What changed definitions of gates would do to the teams of a programme."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from portal.oversight.gates import queries
from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.state_rules import (
    GateHistory,
    GateSnapshot,
    ProjectGatesProgress,
    derive_state,
    sum_progress,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import StepsAfterEndSource
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True)
class LatenessChange:
    """By how many days the prototype is expected late before and after a change of gates; whether any
    day of the forecast moves."""

    before: int
    after: int
    moves_days: bool = False


@dataclass(frozen=True, eq=False)
class LatenessChangeReader(Contribution):
    """What changed gates do to the forecasts of a programme's open projects, by project."""

    read: Callable[[Sequence[Project], Sequence[GateDefinition]], Mapping[UUID, LatenessChange]]


NO_CHANGE = LatenessChange(0, 0)


@dataclass(frozen=True)
class TeamGatesBeforeAndAfter:
    """The states of a team's gates before and after a change."""

    project: Project
    before: Sequence[GateSnapshot]
    after: Sequence[GateSnapshot]
    lateness: LatenessChange = NO_CHANGE

    @property
    def progress_before(self) -> ProjectGatesProgress:
        return sum_progress(self.before)

    @property
    def progress_after(self) -> ProjectGatesProgress:
        return sum_progress(self.after)

    @property
    def changes_something(self) -> bool:
        """Whether anything changes for the team: a day of its forecast, its progress, the state of a
        gate, or the month of one that is not accepted."""
        has_same_progress = self.progress_before.percents == self.progress_after.percents
        is_same = has_same_progress and _visible_state_by_gate(self.before) == _visible_state_by_gate(
            self.after
        )
        return self.lateness.moves_days or not is_same


def _list_gate_labels_due_after_month(programme_id: UUID, months: int) -> Sequence[str]:
    """The numbers of the gates due in a month after a number of months, as in « G3 »."""
    gates = read_definitions_by_programme([programme_id])[programme_id].values()
    return [f"G{gate.number}" for gate in gates if gate.terms.month > months]


AFTER_END = StepsAfterEndSource(_list_gate_labels_due_after_month)


def preview_team_effects(
    programme: Programme, changed: Sequence[GateDefinition]
) -> Sequence[TeamGatesBeforeAndAfter]:
    """Return the effects on each team that something would change for, by organisation."""
    projects = queries.list_open_projects(programme.id)
    histories = queries.read_histories_until(projects)
    latenesses: dict[UUID, LatenessChange] = {}
    for effects_on in list_contributions(LatenessChangeReader):
        latenesses |= effects_on.read(projects, changed)
    effects = (
        replace(
            _preview_team_effect(project, histories[project.id], changed),
            lateness=latenesses.get(project.id, NO_CHANGE),
        )
        for project in projects
    )
    return [effect for effect in effects if effect.changes_something]


def _preview_team_effect(
    project: Project, history: GateHistory, changed: Sequence[GateDefinition]
) -> TeamGatesBeforeAndAfter:
    before = {state.definition.number: state for state in queries.derive_states(project, history)}
    applied = [definition for definition in changed if not definition.is_left_out]
    evaluations = queries.evaluate_now(project, applied) if applied else []
    judged = {evaluation.gate: evaluation for evaluation in evaluations}
    day = queries.cap_day_at_project_end(project, clock.today())
    after = before | {
        definition.number: _derive_state_under(definition, judged, history, day) for definition in applied
    }
    for definition in changed:
        if definition.is_left_out:
            after.pop(definition.number, None)
    return TeamGatesBeforeAndAfter(project, list(before.values()), list(after.values()))


def _derive_state_under(
    definition: GateDefinition, judged: Mapping[int, GateResult], history: GateHistory, day: date
) -> GateSnapshot:
    decisions = [each for each in history.decisions if each.gate == definition.number]
    return derive_state(definition, judged[definition.number], decisions, day)


def _visible_state_by_gate(states: Iterable[GateSnapshot]) -> Mapping[int, object]:
    """What a team notices of each gate: state, weight, and the month while it is still ahead."""
    return {
        state.definition.number: (
            state.standing,
            state.definition.weight,
            None if state.was_accepted else state.definition.terms.month,
        )
        for state in states
    }
