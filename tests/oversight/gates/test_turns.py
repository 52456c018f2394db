"""Whose turn it is to meet what a gate lacks."""

from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.turn_rules import GateTurn, get_prover_turn


def test_only_the_lead_gives_a_review_to_a_reviewer():
    for code in (UnmetCode.NO_REVIEWER, UnmetCode.REVIEW_NOT_TAKEN, UnmetCode.REVIEWER_NOT_INDEPENDENT):
        assert get_prover_turn(code) is GateTurn.LEAD
    assert get_prover_turn(UnmetCode.REVIEW_NOT_DECIDED) is GateTurn.REVIEWER
