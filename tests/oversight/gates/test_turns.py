"""Whose turn it is to meet what a gate lacks."""

from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.turn_rules import GateTurn, get_prover_turn


def test_the_lead_names_a_reviewer_who_takes_the_review_and_decides():
    for code in (UnmetCode.NO_REVIEWER, UnmetCode.REVIEWER_NOT_INDEPENDENT):
        assert get_prover_turn(code) is GateTurn.LEAD
    for code in (UnmetCode.REVIEW_NOT_TAKEN, UnmetCode.REVIEW_NOT_DECIDED):
        assert get_prover_turn(code) is GateTurn.REVIEWER
