"""Which round the predicates about a test look at, and which changes of terms have an effect."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from portal.oversight.gates.state_rules import GateStanding
from portal.oversight.gates.terms_commands import TermsEffect
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


@pytest.mark.parametrize(
    ("standing", "progress", "changes_nothing"),
    [
        (GateStanding.OPEN, 1, True),
        (GateStanding.PROVED, 1, False),
        (GateStanding.OPEN, 2, False),
        (GateStanding.PROVED, 2, False),
    ],
)
def test_terms_have_an_effect_on_a_state_or_on_progress(standing, progress, changes_nothing):
    before, after = SimpleNamespace(standing=GateStanding.OPEN), SimpleNamespace(standing=standing)
    effect = TermsEffect(SimpleNamespace(), before, after, 1, progress)
    assert effect.changes_nothing is changes_nothing
