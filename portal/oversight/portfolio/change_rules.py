"""Changes of a team between two health states. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.fact_rules import ClosedSprintFacts
from portal.oversight.health.state_rules import HealthSnapshot


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
    QUESTIONS = "questions"
    ANSWERS = "answers"
    FIRST_READING = "begun"


@dataclass(frozen=True)
class TeamChange:
    """`gates` are the numbers of the gates that changed; `number` is the sprint, the round or a count, of
    `questions` where there are any."""

    kind: TeamChangeKind
    gates: tuple[int, ...] = ()
    number: int = 0
    questions: tuple[str, ...] = ()


def compare_states(
    then: HealthSnapshot | None, now: HealthSnapshot, by_old_thresholds: HealthSnapshot | None = None
) -> Sequence[TeamChange]:
    """The changes, in the order of `TeamChangeKind`; `then` None: there was no reading yet.

    `by_old_thresholds` is the state now by the thresholds of then, where others hold now: a team that would
    have no other level by them is neither worse nor better.
    """
    if then is None:
        return [TeamChange(TeamChangeKind.FIRST_READING)]
    level_then = _get_comparable_level(then)
    levels = {_get_comparable_level(state) for state in (now, by_old_thresholds or now)}
    last, before = now.facts.work.last, then.facts.work.last
    runs = (
        now.facts.goes_on and then.facts.goes_on
    )  # a project that does not go on is neither better nor worse
    candidates = [
        (runs and min(levels) > level_then, TeamChange(TeamChangeKind.WORSE)),
        (runs and max(levels) < level_then, TeamChange(TeamChangeKind.BETTER)),
        (now.facts.state != then.facts.state, TeamChange(TeamChangeKind.STATE)),
        *_list_possible_gate_changes(then, now),
        (
            _is_another_close(before, last),
            TeamChange(TeamChangeKind.SPRINT, number=last.number if last else 0),
        ),
        (
            bool(now.facts.tests.last_on and now.facts.tests.last_on != then.facts.tests.last_on),
            TeamChange(TeamChangeKind.TEST, number=now.facts.tests.round or 0),
        ),
        (len(now.facts.findings) > len(then.facts.findings), TeamChange(TeamChangeKind.FINDINGS)),
        (bool(now.weather and now.weather != then.weather), TeamChange(TeamChangeKind.WEATHER)),
        (bool(now.override and now.override != then.override), TeamChange(TeamChangeKind.OVERRIDE)),
    ]
    return [change for holds, change in candidates if holds]


def list_decision_changes(asked: Sequence[str], answered: Sequence[str]) -> Sequence[TeamChange]:
    """The changes of a team that asked, and was answered, these questions since then."""
    moves = ((TeamChangeKind.QUESTIONS, asked), (TeamChangeKind.ANSWERS, answered))
    return [
        TeamChange(kind, number=len(questions), questions=tuple(questions))
        for kind, questions in moves
        if questions
    ]


def _is_another_close(before: ClosedSprintFacts | None, last: ClosedSprintFacts | None) -> bool:
    """Whether another sprint was closed: what came of the help it asked for is no close."""
    return last is not None and (before is None or last.number != before.number)


def _get_comparable_level(state: HealthSnapshot) -> HealthLevel:
    """Its level; too early to say is neither better nor worse than FINE."""
    return max(state.level, HealthLevel.FINE)


def _list_possible_gate_changes(
    then: HealthSnapshot, now: HealthSnapshot
) -> Sequence[tuple[bool, TeamChange]]:
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
            if _has_gate_become(kind, before.get(step.number), (step.look(now.day), step.is_asked))
        )
        gate_changes.append((bool(gates), TeamChange(kind, gates)))
    return gate_changes


def _has_gate_become(kind: TeamChangeKind, before: tuple[str, bool] | None, now: tuple[str, bool]) -> bool:
    was_look, was_requested = before or ("", False)
    look, is_requested = now
    if kind is TeamChangeKind.REQUESTED:
        return is_requested and not was_requested
    return look == kind.value and was_look != look
