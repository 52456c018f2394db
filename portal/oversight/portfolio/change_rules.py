"""What is otherwise in a team than it was at a moment: from two states, and nothing else. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.oversight.health.state_rules import HealthState


class TeamChangeKind(StrEnum):
    """The codes are stable; in the order in which they are told."""

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
    """`gates` are those it is about; `number` the sprint or the round."""

    news: TeamChangeKind
    gates: tuple[int, ...] = ()
    number: int = 0


def compare_states(then: HealthState | None, now: HealthState) -> Sequence[TeamChange]:
    """In the order of `News`; `then` None: nothing was known yet."""
    if then is None:
        return [TeamChange(TeamChangeKind.FIRST_READING)]
    last, before = now.facts.work.last, then.facts.work.last
    runs = now.facts.goes_on and then.facts.goes_on  # what rests is neither better nor worse
    candidates = [
        (runs and now.level > then.level, TeamChange(TeamChangeKind.WORSE)),
        (runs and now.level < then.level, TeamChange(TeamChangeKind.BETTER)),
        (now.facts.state != then.facts.state, TeamChange(TeamChangeKind.STATE)),
        *_compare_gates(then, now),
        (
            bool(last and last != before),
            TeamChange(TeamChangeKind.SPRINT, number=last.number if last else 0),
        ),
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
    """What became of its gates, by what they became."""
    before = {step.number: (step.look(then.day), step.is_asked) for step in then.facts.steps}
    gate_changes = []
    for news in (
        TeamChangeKind.ACCEPTED,
        TeamChangeKind.STALE,
        TeamChangeKind.WAIVED,
        TeamChangeKind.REQUESTED,
    ):
        gates = tuple(
            step.number
            for step in now.facts.steps
            if _became(news, before.get(step.number), (step.look(now.day), step.is_asked))
        )
        gate_changes.append((bool(gates), TeamChange(news, gates)))
    return gate_changes


def _became(news: TeamChangeKind, before: tuple[str, bool] | None, now: tuple[str, bool]) -> bool:
    was_look, was_requested = before or ("", False)
    look, is_requested = now
    if news is TeamChangeKind.REQUESTED:
        return is_requested and not was_requested
    return look == news.value and was_look != look
