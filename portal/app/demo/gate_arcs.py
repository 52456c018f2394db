"""How far each team has come: `data/arcs.yaml` says on which day it asked for each gate, or began
to work on it; what it did before is made from that here. Days count from today.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from portal.app.demo.gate_evidence import EvidenceKits, StoryEntry

GATES_WITH_PROTOTYPE = {4, 5, 6}  # gates that want a version of the prototype
COACH_MEETING_INTERVAL = 30  # days between two points with a coach


def expand_arc(
    slug: str, arc: Mapping[str, Any], common: StoryEntry, story: StoryEntry
) -> StoryEntry:
    """Lists of what happened, by kind; and `asks`, what was asked of each gate. `story` is what
    is told of the team's sprints."""
    kits = EvidenceKits(slug, arc, common, story["sprints"])
    ways = {gate: _gate_step(step) for gate, step in sorted(arc["gates"].items())}
    usual = {gate: way for gate, way in ways.items() if "own" not in way}
    if "size" in kits.words:
        kits.add("groups", kits.target_group())
    if not kits.versions and (
        prototype_days := [
            _evidence_day(way) for g, way in usual.items() if g in GATES_WITH_PROTOTYPE
        ]
    ):
        kits.add_version(min(prototype_days) - 12)
    makers = _evidence_by_gate(kits)
    for gate, way in usual.items():
        makers[gate](_evidence_day(way), whole="begun" not in way)
    kits.add("asks", *(_gate_request(gate, way) for gate, way in ways.items() if "asked" in way))
    begun = min(_evidence_day(way) for way in ways.values())
    for day in range(
        arc.get("met", begun), begun + COACH_MEETING_INTERVAL, -COACH_MEETING_INTERVAL
    ):
        kits.add_coach_session(day)
    for day in arc.get("tried", []):
        kits.add_further_round(day)
    for change in arc.get("then", []):
        kits.add(change["kind"], change["told"])
        kits.add("looks", change["told"]["day"])
    return kits.entries_by_kind


def _evidence_by_gate(kits: EvidenceKits) -> Mapping[int, Callable[..., None]]:
    """By gate, what makes its evidence."""
    return {
        0: kits.add_engagement,
        1: kits.add_framing,
        2: kits.add_data_source,
        3: partial(kits.add_review, "framing"),
        4: kits.add_evaluation,
        5: kits.add_demonstration,
        6: kits.add_test_round,
        7: kits.add_iteration,
        8: kits.add_oversight,
        9: partial(kits.add_review, "exposure"),
        10: kits.add_measurements,
        11: kits.add_handover,
    }


def _gate_step(step: int | StoryEntry) -> StoryEntry:
    """To a gate: a day alone is the day on which it was asked for."""
    return step if isinstance(step, dict) else {"asked": step}


def _evidence_day(way: StoryEntry) -> int:
    """By which its evidence is there, or was begun."""
    day: int = way["begun"] if "begun" in way else way["asked"]
    return day


def _gate_request(gate: int, way: StoryEntry) -> StoryEntry:
    """It is accepted four days later, where nothing else is said."""
    gate_request = {"gate": gate, **way}
    is_open = "refused" in way or way.get("waits") or way["asked"] + 4 > -1
    return gate_request if is_open else {"accepted": way["asked"] + 4, **gate_request}
