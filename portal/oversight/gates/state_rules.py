"""Where a project stands at its gates on any day, and its three numbers. Pure.

All of it follows from what is only ever appended to: evaluations, decisions, definitions. So what
was true on a day stays so whatever happens later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from portal.oversight.gates.definition_rules import GateDefinition, GateVerb, StalenessCause
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.staleness_rules import STALENESS_RULES


class GateStanding(StrEnum):
    """One word for a gate, the strongest that holds."""

    WAIVED = "waived"
    STALE = "stale"
    ACCEPTED = "accepted"
    PROVED = "proved"
    OPEN = "open"


@dataclass(frozen=True)
class DatedEvaluation:
    """An evaluation and when it was made."""

    at: datetime
    evaluation: GateResult


@dataclass(frozen=True)
class DatedDecision:
    """A decision; an acceptance holds the evaluation it saw."""

    at: datetime
    gate: int
    verb: GateVerb
    evaluation: GateResult | None = None
    reason: str = ""
    who: str = ""


@dataclass(frozen=True)
class Staleness:
    """What made an acceptance stale: `what` names things as `Result.seen` does."""

    cause: StalenessCause
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateState:
    """Of one gate on one day. `declared` is what the team says of it, `is_pending` that nobody has
    answered yet; `answer` is the last acceptance or refusal, `waiver` the waiver that holds."""

    definition: GateDefinition
    evaluation: GateResult | None
    declared: DatedDecision | None = None
    answer: DatedDecision | None = None
    waiver: DatedDecision | None = None
    stale: tuple[Staleness, ...] = ()
    is_pending: bool = False

    @property
    def is_proved(self) -> bool:
        return self.evaluation is not None and self.evaluation.is_proved

    @property
    def was_accepted(self) -> bool:
        return self.answer is not None and self.answer.verb is GateVerb.ACCEPTED

    @property
    def is_accepted(self) -> bool:
        return self.was_accepted and not self.stale

    @property
    def is_requested(self) -> bool:
        """Its team waits for an answer."""
        return self.is_pending and self.waiver is None

    @property
    def standing(self) -> GateStanding:
        if self.waiver is not None:
            return GateStanding.WAIVED
        if self.was_accepted:
            return GateStanding.STALE if self.stale else GateStanding.ACCEPTED
        return GateStanding.PROVED if self.is_proved else GateStanding.OPEN


@dataclass(frozen=True)
class GateProgress:
    """Weights, of `total`: that of the gates that nobody waived."""

    declared: int = 0
    proved: int = 0
    accepted: int = 0
    total: int = 0

    def percent(self, weight: int) -> int:
        """Rounded down: what is not all done never shows as 100."""
        return weight * 100 // self.total if self.total else 0


def derive_state(
    definition: GateDefinition,
    evaluation: GateResult | None,
    decisions: Iterable[DatedDecision],
    day: date,
) -> GateState:
    """From the last evaluation and all decisions of a gate until a moment of that day."""
    declared = answer = waiver = None
    is_pending = False
    for decision in decisions:
        if decision.verb in {
            GateVerb.DECLARED,
            GateVerb.WITHDRAWN,
            GateVerb.ACCEPTED,
            GateVerb.REFUSED,
        }:
            is_pending = decision.verb is GateVerb.DECLARED
        if decision.verb is GateVerb.DECLARED:
            declared = decision
        elif decision.verb is GateVerb.WITHDRAWN:
            declared = None
        elif decision.verb is GateVerb.ACCEPTED:
            answer = decision
        elif decision.verb is GateVerb.REFUSED:
            declared, answer = None, decision
        else:
            waiver = decision if decision.verb is GateVerb.WAIVED else None
    state = GateState(definition, evaluation, declared, answer, waiver, (), is_pending)
    return with_evaluation(state, definition, evaluation, day)


def with_evaluation(
    state: GateState, definition: GateDefinition, evaluation: GateResult | None, day: date
) -> GateState:
    """After the same decisions, under other terms or on other evidence."""
    stale = _find_staleness(definition, state.answer, evaluation, day)
    return replace(state, definition=definition, evaluation=evaluation, stale=stale)


def _find_staleness(
    definition: GateDefinition, answer: DatedDecision | None, now: GateResult | None, day: date
) -> tuple[Staleness, ...]:
    if answer is None or answer.verb is not GateVerb.ACCEPTED or now is None:
        return ()
    reasons = []
    if not now.is_proved:
        lost = tuple(result.predicate for result in now.missing)
        reasons.append(Staleness(StalenessCause.EVIDENCE_LOST, lost))
    then = answer.evaluation
    for cause in definition.stale:
        if then is None or cause.value not in then.basis or cause.value not in now.basis:
            continue
        changed = STALENESS_RULES[cause].changed(then.basis[cause.value], now.basis[cause.value])
        if changed:
            reasons.append(Staleness(cause, changed))
    if StalenessCause.DAYS_LATER in definition.stale and now.fresh_until and day > now.fresh_until:
        reasons.append(Staleness(StalenessCause.DAYS_LATER))
    return tuple(reasons)


@dataclass(frozen=True)
class GateHistory:
    """All that was ever appended of one project, in its order; definitions by gate, each with the
    moment from which it held."""

    definitions: Sequence[tuple[datetime, GateDefinition]]
    evaluations: Sequence[DatedEvaluation]
    decisions: Sequence[DatedDecision]


def states_as_of(history: GateHistory, moment: datetime, day: date) -> tuple[GateState, ...]:
    """All gates as they stood at a moment of a day, in their order."""
    definitions: dict[int, GateDefinition] = {}
    for since, definition in history.definitions:
        if since <= moment:
            definitions[definition.number] = definition
    judged: dict[int, GateResult] = {}
    for dated_evaluation in history.evaluations:
        if dated_evaluation.at <= moment:
            judged[dated_evaluation.evaluation.gate] = dated_evaluation.evaluation
    return tuple(
        derive_state(
            definitions[number],
            judged.get(number),
            [
                decision
                for decision in history.decisions
                if decision.gate == number and decision.at <= moment
            ],
            day,
        )
        for number in sorted(definitions)
    )


def sum_progress(states: Iterable[GateState]) -> GateProgress:
    """The three numbers: a waived gate counts in none of them, nor in their total."""
    counted = [state for state in states if state.waiver is None]

    def weight(holds: Sequence[bool]) -> int:
        pairs = zip(counted, holds, strict=True)
        return sum(state.definition.weight for state, it_holds in pairs if it_holds)

    return GateProgress(
        declared=weight([state.declared is not None for state in counted]),
        proved=weight([state.is_proved for state in counted]),
        accepted=weight([state.is_accepted for state in counted]),
        total=sum(state.definition.weight for state in counted),
    )
