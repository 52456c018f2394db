"""States of gates on any day, and the progress they add up to. Pure.

States derive from append-only data: evaluations, decisions, definitions. Later rows therefore never
change the state of an earlier day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from uuid import UUID

from portal.oversight.gates.definition_rules import GateDefinition, GateVerb, StalenessCause
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.staleness_rules import STALENESS_RULES
from portal.platform.kernel.clock import day_of

# Asked of whoever joins the team: a newcomer who has not said theirs takes no acceptance back.
_KEPT_BY_ACCEPTANCE = frozenset({"shares_of_time"})


class GateStanding(StrEnum):
    """The standing of a gate: the first of these that applies."""

    WAIVED = "waived"
    STALE = "stale"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    PROVED = "proved"
    OPEN = "open"


@dataclass(frozen=True)
class DatedEvaluation:
    """An evaluation with its moment."""

    at: datetime
    evaluation: GateResult


@dataclass(frozen=True)
class DatedDecision:
    """A decision with its moment; an acceptance holds the evaluation it was based on."""

    at: datetime
    gate: int
    verb: GateVerb
    evaluation: GateResult | None = None
    reason: str = ""
    who: str = ""
    id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Staleness:
    """What made an acceptance stale; `references` as in `PredicateResult.references`, `since` the day from
    which these do so without a break, where it was looked up."""

    cause: StalenessCause
    references: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class GateSnapshot:
    """One gate on one day. `declared` is the team's declaration, `is_pending` whether it has no
    answer yet, `answer` the last acceptance or refusal, `waiver` the waiver in force."""

    definition: GateDefinition
    evaluation: GateResult | None
    declared: DatedDecision | None = None
    answer: DatedDecision | None = None
    waiver: DatedDecision | None = None
    stale: tuple[Staleness, ...] = ()
    is_pending: bool = False

    @property
    def is_proved(self) -> bool:
        """Whether all proofs are there; of an accepted gate, those that its acceptance rests on."""
        if self.evaluation is None:
            return False
        is_kept = self.was_accepted and bool(self.evaluation.results)
        return self.evaluation.is_proved or (is_kept and not _list_lost_predicates(self.evaluation))

    @property
    def was_accepted(self) -> bool:
        return self.answer is not None and self.answer.verb is GateVerb.ACCEPTED

    @property
    def answered(self) -> str:
        """The moment of the last answer as ISO text, "" without one."""
        return self.answer.at.isoformat() if self.answer else ""

    @property
    def is_accepted(self) -> bool:
        return self.was_accepted and not self.stale

    @property
    def is_refused(self) -> bool:
        """Whether the last answer is a refusal, of the evidence as it still is."""
        if self.answer is None or self.answer.verb is not GateVerb.REFUSED:
            return False
        refused, present = self.answer.evaluation, self.evaluation
        return present.has_same_evidence_as(refused) if present else refused is None

    @property
    def is_requested(self) -> bool:
        """Whether the team waits for an answer."""
        return self.is_pending and self.waiver is None

    @property
    def standing(self) -> GateStanding:
        if self.waiver is not None:
            return GateStanding.WAIVED
        if self.was_accepted:
            return GateStanding.STALE if self.stale else GateStanding.ACCEPTED
        if self.is_refused:
            return GateStanding.REFUSED
        return GateStanding.PROVED if self.is_proved else GateStanding.OPEN


def list_unsettled_references(states: Iterable[GateSnapshot]) -> frozenset[str]:
    """Return the references of what the gates lack and of what made their acceptances stale."""
    references = [staleness.references for state in states for staleness in state.stale]
    references += [
        result.references for state in states if state.evaluation for result in state.evaluation.missing
    ]
    return frozenset(chain.from_iterable(references))


@dataclass(frozen=True)
class ProjectGatesProgress:
    """Sums of weights; `total` is the weight of all gates that are not waived."""

    declared: int = 0
    proved: int = 0
    accepted: int = 0
    total: int = 0

    @property
    def percents(self) -> Mapping[str, int]:
        """Each in per cent of the total by name, rounded down so that only all shows as 100."""
        weights = {"declared": self.declared, "proved": self.proved, "accepted": self.accepted}
        return {name: weight * 100 // self.total if self.total else 0 for name, weight in weights.items()}


def derive_state(
    definition: GateDefinition, evaluation: GateResult | None, decisions: Iterable[DatedDecision], day: date
) -> GateSnapshot:
    """Return the state of a gate from its last evaluation and all its decisions, in order."""
    declared = answer = waiver = None
    is_pending = False
    for decision in decisions:
        if decision.verb in {GateVerb.WAIVED, GateVerb.RESTORED}:
            waiver = decision if decision.verb is GateVerb.WAIVED else None
            continue
        is_pending = decision.verb is GateVerb.DECLARED
        if decision.verb in {GateVerb.ACCEPTED, GateVerb.REFUSED}:
            answer = decision
        if decision.verb is not GateVerb.ACCEPTED:
            declared = decision if is_pending else None
    state = GateSnapshot(definition, evaluation, declared, answer, waiver, (), is_pending)
    return with_evaluation(state, definition, evaluation, day)


def with_evaluation(
    state: GateSnapshot, definition: GateDefinition, evaluation: GateResult | None, day: date
) -> GateSnapshot:
    """Return the state after the same decisions, under another definition or evaluation."""
    stale = find_staleness(definition, state.answer, evaluation, day)
    return replace(state, definition=definition, evaluation=evaluation, stale=stale)


def _list_lost_predicates(evaluation: GateResult) -> tuple[str, ...]:
    return tuple(
        result.predicate for result in evaluation.missing if result.predicate not in _KEPT_BY_ACCEPTANCE
    )


def find_staleness(
    definition: GateDefinition, answer: DatedDecision | None, evaluation: GateResult | None, day: date
) -> tuple[Staleness, ...]:
    if answer is None or answer.verb is not GateVerb.ACCEPTED or evaluation is None:
        return ()
    reasons = []
    if not evaluation.is_proved and (lost := _list_lost_predicates(evaluation)):
        reasons.append(Staleness(StalenessCause.EVIDENCE_LOST, lost))
    accepted_basis = answer.evaluation.basis if answer.evaluation else {}
    for cause in definition.stale:
        if cause.value not in accepted_basis or cause.value not in evaluation.basis:
            continue
        changed = STALENESS_RULES[cause].changed(accepted_basis[cause.value], evaluation.basis[cause.value])
        if changed:
            reasons.append(Staleness(cause, changed))
    expires_on = evaluation.fresh_until
    if StalenessCause.DAYS_LATER in definition.stale and expires_on and day > expires_on:
        reasons.append(Staleness(StalenessCause.DAYS_LATER))
    return tuple(reasons)


@dataclass(frozen=True)
class GateHistory:
    """Everything appended about the gates of one project, in order of time. `definitions` are pairs
    of the moment from which a definition holds and the definition."""

    definitions: Sequence[tuple[datetime, GateDefinition]]
    evaluations: Sequence[DatedEvaluation]
    decisions: Sequence[DatedDecision]


def derive_states_as_of(history: GateHistory, moment: datetime, day: date) -> tuple[GateSnapshot, ...]:
    """Return the states of the gates that apply at a moment of `day`, in their order."""
    definitions: dict[int, GateDefinition] = {}
    for since, definition in history.definitions:
        if since <= moment:
            definitions[definition.number] = definition
    judged: dict[int, GateResult] = {}
    for dated_evaluation in history.evaluations:
        if dated_evaluation.at <= moment:
            judged[dated_evaluation.evaluation.gate] = dated_evaluation.evaluation
    applied = (each for each in definitions.values() if not each.is_left_out)
    return tuple(
        derive_state(
            definition,
            judged.get(definition.number),
            [
                decision
                for decision in history.decisions
                if decision.gate == definition.number and decision.at <= moment
            ],
            day,
        )
        for definition in sorted(applied, key=lambda each: each.rank)
    )


def first_acceptance_days(decisions: Iterable[DatedDecision]) -> Mapping[int, date]:
    """Return by gate the day of its first acceptance, whatever was decided since."""
    accepted_on: dict[int, date] = {}
    for decision in decisions:
        if decision.verb is GateVerb.ACCEPTED:
            accepted_on.setdefault(decision.gate, day_of(decision.at))
    return accepted_on


def sum_progress(states: Iterable[GateSnapshot]) -> ProjectGatesProgress:
    """Return the progress of a project: waived gates count nowhere, not even in the total."""
    counted = [state for state in states if state.waiver is None]

    return ProjectGatesProgress(
        declared=sum(state.definition.weight for state in counted if state.declared is not None),
        proved=sum(state.definition.weight for state in counted if state.is_proved),
        accepted=sum(state.definition.weight for state in counted if state.is_accepted),
        total=sum(state.definition.weight for state in counted),
    )
