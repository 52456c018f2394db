"""Whose turn it is before a gate can be accepted, for good or again. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from portal.oversight.gates.definition_rules import GateDefinition, GateVerb, StalenessCause
from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.staleness_rules import is_trigger_answer_to_confirm
from portal.oversight.gates.state_rules import DatedDecision, Staleness, find_staleness


class GateTurn(StrEnum):
    """Who must do what: the first six give a proof that is missing, the others settle what would make
    an acceptance stale at once."""

    TEAM = "team"
    CARRIER = "carrier"
    LEAD = "lead"
    LEAD_OR_OPERATOR = "lead_or_operator"
    COACH = "coach"
    REVIEWER = "reviewer"
    ANSWER = "answer"  # the team answers a re-review
    CONFIRM = "confirm"  # a second person confirms the answer
    TEST = "test"  # the team tests again


LEAD_TURNS = frozenset({GateTurn.LEAD, GateTurn.LEAD_OR_OPERATOR})  # the programme's lead can act
_PROVERS: Mapping[UnmetCode, GateTurn] = {
    UnmetCode.SPONSOR_MISSING: GateTurn.CARRIER,
    UnmetCode.SPONSOR_NOT_ON_TEAM: GateTurn.CARRIER,
    UnmetCode.BUSINESS_OWNER_MISSING: GateTurn.CARRIER,
    UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM: GateTurn.CARRIER,
    UnmetCode.TOO_FEW_MEMBERS: GateTurn.CARRIER,
    UnmetCode.SHARE_OF_TIME_MISSING: GateTurn.CARRIER,
    UnmetCode.COACH_MISSING: GateTurn.LEAD,
    UnmetCode.NO_REVIEWER: GateTurn.LEAD,
    UnmetCode.REVIEWER_NOT_INDEPENDENT: GateTurn.LEAD,
    UnmetCode.NO_PANEL: GateTurn.LEAD,
    UnmetCode.NOTHING_SHOWN_LIVE: GateTurn.LEAD,
    UnmetCode.NO_CRITERION_JUDGED: GateTurn.LEAD,
    UnmetCode.AGREEMENT_MISSING: GateTurn.LEAD_OR_OPERATOR,
    UnmetCode.NO_COACHING_SESSION: GateTurn.COACH,
    UnmetCode.REVIEW_NOT_TAKEN: GateTurn.REVIEWER,
    UnmetCode.REVIEW_NOT_DECIDED: GateTurn.REVIEWER,
}

PROVER_TURNS = frozenset({GateTurn.TEAM, *_PROVERS.values()})


def get_prover_turn(code: UnmetCode) -> GateTurn:
    """Return whose turn it is to meet a predicate that is unmet for this reason."""
    return _PROVERS.get(code, GateTurn.TEAM)


def list_immediate_staleness(
    definition: GateDefinition, evaluation: GateResult | None, day: date
) -> tuple[Staleness, ...]:
    """Return what would make an acceptance given on `day`, on this evaluation, stale at once."""
    accepted = DatedDecision(
        datetime.min.replace(tzinfo=UTC), definition.number, GateVerb.ACCEPTED, evaluation
    )
    return find_staleness(definition, accepted, evaluation, day)


def list_turns(definition: GateDefinition, evaluation: GateResult | None, day: date) -> tuple[GateTurn, ...]:
    """Return whose turns come before an acceptance would hold, in the order of `GateTurn`; () where
    nothing but the acceptance is missing."""
    if evaluation is None:
        return ()
    turns = {get_prover_turn(result.code) for result in evaluation.missing if result.code}
    for staleness in list_immediate_staleness(definition, evaluation, day):
        if staleness.cause is StalenessCause.TRIGGER_OPEN:
            tokens = evaluation.basis[staleness.cause.value].values()
            turns |= {
                GateTurn.CONFIRM if is_trigger_answer_to_confirm(token) else GateTurn.ANSWER
                for token in tokens
            }
        elif staleness.cause is not StalenessCause.EVIDENCE_LOST:
            turns.add(GateTurn.TEST)
    return tuple(turn for turn in GateTurn if turn in turns)
