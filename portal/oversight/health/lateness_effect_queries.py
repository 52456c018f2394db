"""How late teams would be with changed gates: what the pages that change gates say first."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.effect_queries import LatenessChange, LatenessEffects
from portal.oversight.gates.forecast_rules import PlannedGate, present_lateness
from portal.oversight.health.queries import read_states
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project


def preview_latenesses(
    projects: Sequence[Project], changed: Sequence[GateDefinition]
) -> Mapping[UUID, LatenessChange]:
    """Present lateness in days before and after, of each project that has a reading."""
    effects = {}
    states = read_states([project.id for project in projects])
    for project in projects:
        state = states.get(project.id)
        if state is None:
            continue
        gates = {gate.number: gate for gate in state.facts.planned_gates}
        before = present_lateness(gates.values(), state.day)
        for definition in changed:
            planned = gates.pop(definition.number, None)
            if not definition.is_left_out:
                due_on = months_after(project.starts_on, definition.terms.month)
                gates[definition.number] = PlannedGate(
                    definition.number,
                    due_on,
                    planned.passed_on if planned else None,
                    bool(planned and planned.is_waived),
                )
        effects[project.id] = LatenessChange(before, present_lateness(gates.values(), state.day))
    return effects


EFFECTS = LatenessEffects(preview_latenesses)
