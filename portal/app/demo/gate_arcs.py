"""Progress of each team through the gates, from `data/arcs.yaml`.

The file has the day on which a team declared each gate or began its evidence; the events before it
are generated here. Days count from today.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from portal.app.demo.gate_evidence import GateEvidenceEntryCollector, StoryEntry

GATES_WITH_PROTOTYPE = {4, 5, 6}  # gates that need a version of the prototype
COACH_MEETING_INTERVAL = 30  # days between two coaching sessions
FIRST_MEETING_DAYS = 5  # after the kickoff, at the earliest


def generate_team_story_entries(
    slug: str, arc: Mapping[str, Any], common: StoryEntry, story: StoryEntry
) -> StoryEntry:
    """The generated story entries of a team by kind, with `asks`, its declarations of gates.

    `common` holds texts for all teams, `story` the team's own story with its sprints.
    """
    kits = GateEvidenceEntryCollector(slug, arc, common, story["sprints"])
    steps = {gate: _normalise_gate_entry(step) for gate, step in sorted(arc["gates"].items())}
    generated_steps = {gate: step for gate, step in steps.items() if "own" not in step}
    if "size" in kits.texts:
        kits.add_entries("groups", kits.target_group())
    if not kits.versions and (
        prototype_days := [
            _evidence_day(step) for gate, step in generated_steps.items() if gate in GATES_WITH_PROTOTYPE
        ]
    ):
        kits.add_version(min(prototype_days) - 12)
    makers = _map_evidence_methods_by_gate(kits)
    for gate, step in generated_steps.items():
        makers[gate](_evidence_day(step), whole="begun" not in step)
    kits.add_entries(
        "asks", *(_build_gate_declaration(gate, step) for gate, step in steps.items() if "asked" in step)
    )
    begun = min(_evidence_day(step) for step in steps.values())
    for day in range(arc.get("met", begun), begun + FIRST_MEETING_DAYS, -COACH_MEETING_INTERVAL):
        kits.add_coach_session(day)
    for day in arc.get("tried", []):
        kits.add_further_round(day)
    for change in arc.get("then", []):
        kits.add_entries(change["kind"], change["told"])
        kits.add_entries("looks", change["told"]["day"])
    return kits.entries_by_kind


def _map_evidence_methods_by_gate(kits: GateEvidenceEntryCollector) -> Mapping[int, Callable[..., None]]:
    """The method that adds a gate's evidence, by gate."""
    return {
        0: kits.add_kickoff_session,
        1: kits.add_framing,
        2: kits.add_data_source,
        3: partial(kits.add_review, "framing"),
        4: kits.add_evaluation,
        5: kits.add_demonstration,
        6: kits.add_test_round,
        7: kits.add_improved_version_and_round,
        8: kits.add_oversight_sheets_and_run,
        9: partial(kits.add_review, "exposure"),
        10: kits.add_measurements,
        11: kits.add_handover,
    }


def _normalise_gate_entry(step: int | StoryEntry) -> StoryEntry:
    """A gate's entry; a bare number is the day of the declaration."""
    return step if isinstance(step, dict) else {"asked": step}


def _evidence_day(step: StoryEntry) -> int:
    """The day by which the evidence exists or was begun."""
    day: int = step["begun"] if "begun" in step else step["asked"]
    return day


def _build_gate_declaration(gate: int, step: StoryEntry) -> StoryEntry:
    """The declaration of a gate; by default accepted four days later."""
    gate_request = {"gate": gate, **step}
    is_open = "refused" in step or step.get("waits") or step["asked"] + 4 > -1
    return gate_request if is_open else {"accepted": step["asked"] + 4, **gate_request}
