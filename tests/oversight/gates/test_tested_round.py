"""Which round the predicates about a test look at, and which changes of terms have an effect."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateVerb, StalenessCause
from portal.oversight.gates.effect_queries import TeamGatesBeforeAndAfter
from portal.oversight.gates.state_rules import DatedDecision, GateSnapshot, Staleness
from portal.oversight.gates.trial_predicate_rules import find_tested_round
from tests.support.evidence import HELD, WHOLE


def test_a_round_with_exactly_the_minimum_is_preferred_to_a_later_one_with_fewer():
    enough = replace(HELD, version=1, groups={1: 5})
    later = replace(HELD, number=2, version=2, groups={1: 4, 2: 4})
    evidence = replace(WHOLE, rounds=(enough, later), findings=())
    assert find_tested_round(evidence, 5) is enough
    assert find_tested_round(evidence, 4) is later
    assert find_tested_round(evidence, 6) is later


def test_a_round_that_was_held_is_preferred_to_a_later_one_without_sessions():
    bare = {"groups": {}, "access_needs": None, "primary": None, "consented": 0}
    was_held = replace(HELD, version=1, sessions=1, **bare)
    planned = replace(HELD, number=2, version=2, sessions=0, **bare)
    evidence = replace(WHOLE, rounds=(planned, was_held), findings=())
    assert find_tested_round(evidence, 5) is was_held
    assert find_tested_round(replace(evidence, rounds=()), 5) is None


G5 = read_default_gates()[5]
ACCEPTANCE = DatedDecision(datetime(2026, 1, 5, tzinfo=UTC), 5, GateVerb.ACCEPTED)


def _state(*, is_proved=False, weight=10, month=G5.terms.month, **values):
    terms = replace(G5.terms, weight=weight, month=month)
    return GateSnapshot(replace(G5, terms=terms), SimpleNamespace(is_proved=is_proved, results=()), **values)


STALE = {"answer": ACCEPTANCE, "stale": (Staleness(StalenessCause.DAYS_LATER),)}


@pytest.mark.parametrize(
    ("before", "after", "same_standing", "same_progress", "changes_something"),
    [
        (_state(), _state(), True, True, False),
        (_state(weight=0), _state(weight=0, is_proved=True), False, True, True),
        (_state(**STALE), _state(**STALE, is_proved=True), True, False, True),
        (_state(), _state(is_proved=True), False, False, True),
        (_state(), _state(month=G5.terms.month + 1), True, True, True),
        (_state(answer=ACCEPTANCE), _state(answer=ACCEPTANCE, month=G5.terms.month + 1), True, True, False),
    ],
)
def test_terms_have_an_effect_on_a_state_on_progress_or_on_a_day_ahead(
    before, after, same_standing, same_progress, changes_something
):
    effect = TeamGatesBeforeAndAfter(SimpleNamespace(), [before], [after])
    assert (before.standing is after.standing) is same_standing
    assert (effect.progress_before == effect.progress_after) is same_progress
    assert effect.changes_something is changes_something


def test_terms_that_leave_a_gate_out_have_an_effect():
    assert TeamGatesBeforeAndAfter(SimpleNamespace(), [_state(weight=0)], []).changes_something
