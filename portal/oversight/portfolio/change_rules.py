"""Changes of a team between two health states. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.oversight.health.state_rules import HealthState


class TeamChangeKind(StrEnum):
    """The codes are stable, and order the changes of a team."""

    WORSE = "worse"
    BETTER = "better"
    STATE = "state"
    ACCEPTED = "accepted"
    STALE = "stale"
    WAIVED = "waived"
    REQUESTED = "asked"
    SPRINT = "sprint"
    TEST = "test"
    FINDINGS = "findings"
    WEATHER = "weather"
    OVERRIDE = "said"
    FIRST_READING = "begun"


@dataclass(frozen=True)
class TeamChange:
    """`gates` are the numbers of the gates that changed; `number` is the sprint or the round."""

    kind: TeamChangeKind
    gates: tuple[int, ...] = ()
    number: int = 0


def compare_states(then: HealthState | None, now: HealthState) -> Sequence[TeamChange]:
    """The changes, in the order of `TeamChangeKind`; `then` None: there was no reading yet."""
    if then is None:
        return [TeamChange(TeamChangeKind.FIRST_READING)]
    last, before = now.facts.work.last, then.facts.work.last
    runs = (
        now.facts.goes_on and then.facts.goes_on
    )  # a project that does not go on is neither better nor worse
    candidates = [
        (runs and now.level > then.level, TeamChange(TeamChangeKind.WORSE)),
        (runs and now.level < then.level, TeamChange(TeamChangeKind.BETTER)),
        (now.facts.state != then.facts.state, TeamChange(TeamChangeKind.STATE)),
        *_compare_gates(then, now),
        (bool(last and last != before), TeamChange(TeamChangeKind.SPRINT, number=last.number if last else 0)),
        (
            now.facts.tests.last_on != then.facts.tests.last_on,
            TeamChange(TeamChangeKind.TEST, number=now.facts.tests.round or 0),
        ),
        (len(now.facts.findings) > len(then.facts.findings), TeamChange(TeamChangeKind.FINDINGS)),
        (bool(now.weather and now.weather != then.weather), TeamChange(TeamChangeKind.WEATHER)),
        (bool(now.override and now.override != then.override), TeamChange(TeamChangeKind.OVERRIDE)),
    ]
    return [change for holds, change in candidates if holds]


def _compare_gates(then: HealthState, now: HealthState) -> Sequence[tuple[bool, TeamChange]]:
    """Per kind of gate change: whether any gate changed so, and the change."""
    before = {step.number: (step.look(then.day), step.is_asked) for step in then.facts.steps}
    gate_changes = []
    for kind in (
        TeamChangeKind.ACCEPTED,
        TeamChangeKind.STALE,
        TeamChangeKind.WAIVED,
        TeamChangeKind.REQUESTED,
    ):
        gates = tuple(
            step.number
            for step in now.facts.steps
            if _became(kind, before.get(step.number), (step.look(now.day), step.is_asked))
        )
        gate_changes.append((bool(gates), TeamChange(kind, gates)))
    return gate_changes


def _became(kind: TeamChangeKind, before: tuple[str, bool] | None, now: tuple[str, bool]) -> bool:
    was_look, was_requested = before or ("", False)
    look, is_requested = now
    if kind is TeamChangeKind.REQUESTED:
        return is_requested and not was_requested
    return look == kind.value and was_look != look
