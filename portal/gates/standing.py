"""Where a project stands at its gates on any day, and its three numbers. Pure.

All of it follows from what is only ever appended to: evaluations, decisions, definitions. So what
was true on a day stays so whatever happens later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from portal.gates.definition import Definition, Stale, Verb
from portal.gates.predicates import Evaluation
from portal.gates.staleness import BASES


class Standing(StrEnum):
    """One word for a gate, the strongest that holds."""

    WAIVED = "waived"
    STALE = "stale"
    ACCEPTED = "accepted"
    PROVED = "proved"
    OPEN = "open"


@dataclass(frozen=True)
class Judged:
    """An evaluation and when it was made."""

    at: datetime
    evaluation: Evaluation


@dataclass(frozen=True)
class Decided:
    """A decision; an acceptance holds the evaluation it saw."""

    at: datetime
    gate: int
    verb: Verb
    evaluation: Evaluation | None = None
    reason: str = ""
    who: str = ""


@dataclass(frozen=True)
class Staleness:
    """What made an acceptance stale: `what` names things as `Result.seen` does."""

    cause: Stale
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Of one gate on one day. `declared` is what the team says of it, `is_pending` that nobody has
    answered yet; `answer` is the last acceptance or refusal, `waiver` the waiver that holds."""

    definition: Definition
    evaluation: Evaluation | None
    declared: Decided | None = None
    answer: Decided | None = None
    waiver: Decided | None = None
    stale: tuple[Staleness, ...] = ()
    is_pending: bool = False

    @property
    def is_proved(self) -> bool:
        return self.evaluation is not None and self.evaluation.is_proved

    @property
    def was_accepted(self) -> bool:
        return self.answer is not None and self.answer.verb is Verb.ACCEPTED

    @property
    def is_accepted(self) -> bool:
        return self.was_accepted and not self.stale

    @property
    def is_asked(self) -> bool:
        """Its team waits for an answer."""
        return self.is_pending and self.waiver is None

    @property
    def standing(self) -> Standing:
        if self.waiver is not None:
            return Standing.WAIVED
        if self.was_accepted:
            return Standing.STALE if self.stale else Standing.ACCEPTED
        return Standing.PROVED if self.is_proved else Standing.OPEN


@dataclass(frozen=True)
class Numbers:
    """Weights, of `total`: that of the gates that nobody waived."""

    declared: int = 0
    proved: int = 0
    accepted: int = 0
    total: int = 0

    def percent(self, weight: int) -> int:
        """Rounded down: what is not all done never shows as 100."""
        return weight * 100 // self.total if self.total else 0


def state_of(
    definition: Definition,
    evaluation: Evaluation | None,
    decisions: Iterable[Decided],
    day: date,
) -> State:
    """From the last evaluation and all decisions of a gate until a moment of that day."""
    declared = answer = waiver = None
    is_pending = False
    for one in decisions:
        if one.verb in {Verb.DECLARED, Verb.WITHDRAWN, Verb.ACCEPTED, Verb.REFUSED}:
            is_pending = one.verb is Verb.DECLARED
        if one.verb is Verb.DECLARED:
            declared = one
        elif one.verb is Verb.WITHDRAWN:
            declared = None
        elif one.verb is Verb.ACCEPTED:
            answer = one
        elif one.verb is Verb.REFUSED:
            declared, answer = None, one
        else:
            waiver = one if one.verb is Verb.WAIVED else None
    told = State(definition, evaluation, declared, answer, waiver, (), is_pending)
    return judged_anew(told, definition, evaluation, day)


def judged_anew(
    state: State, definition: Definition, evaluation: Evaluation | None, day: date
) -> State:
    """After the same decisions, under other terms or on other evidence."""
    stale = _stale(definition, state.answer, evaluation, day)
    return replace(state, definition=definition, evaluation=evaluation, stale=stale)


def _stale(
    definition: Definition, answer: Decided | None, now: Evaluation | None, day: date
) -> tuple[Staleness, ...]:
    if answer is None or answer.verb is not Verb.ACCEPTED or now is None:
        return ()
    found = []
    if not now.is_proved:
        lost = tuple(one.predicate for one in now.missing)
        found.append(Staleness(Stale.EVIDENCE_LOST, lost))
    then = answer.evaluation
    for cause in definition.stale:
        if then is None or cause.value not in then.basis or cause.value not in now.basis:
            continue
        changed = BASES[cause].changed(then.basis[cause.value], now.basis[cause.value])
        if changed:
            found.append(Staleness(cause, changed))
    if Stale.DAYS_LATER in definition.stale and now.fresh_until and day > now.fresh_until:
        found.append(Staleness(Stale.DAYS_LATER))
    return tuple(found)


@dataclass(frozen=True)
class History:
    """All that was ever appended of one project, in its order; definitions by gate, each with the
    moment from which it held."""

    definitions: Sequence[tuple[datetime, Definition]]
    evaluations: Sequence[Judged]
    decisions: Sequence[Decided]


def as_of(history: History, moment: datetime, day: date) -> tuple[State, ...]:
    """All gates as they stood at a moment of a day, in their order."""
    held: dict[int, Definition] = {}
    for since, definition in history.definitions:
        if since <= moment:
            held[definition.number] = definition
    judged: dict[int, Evaluation] = {}
    for one in history.evaluations:
        if one.at <= moment:
            judged[one.evaluation.gate] = one.evaluation
    return tuple(
        state_of(
            held[number],
            judged.get(number),
            [one for one in history.decisions if one.gate == number and one.at <= moment],
            day,
        )
        for number in sorted(held)
    )


def numbers(states: Iterable[State]) -> Numbers:
    """The three numbers: a waived gate counts in none of them, nor in their total."""
    counted = [one for one in states if one.waiver is None]

    def weight(holds: Sequence[bool]) -> int:
        pairs = zip(counted, holds, strict=True)
        return sum(one.definition.weight for one, it_holds in pairs if it_holds)

    return Numbers(
        declared=weight([one.declared is not None for one in counted]),
        proved=weight([one.is_proved for one in counted]),
        accepted=weight([one.is_accepted for one in counted]),
        total=sum(one.definition.weight for one in counted),
    )


def weights(states: Iterable[State]) -> Mapping[int, int]:
    return {one.definition.number: one.definition.weight for one in states}
