"""Properties of comparisons, of agreement, and of figures from mean and deviation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.user_tests.statistics import agreement_rules, comparison_rules, completion_rules, duration_rules
from portal.user_tests.statistics.comparison_rules import ChangeVerdict
from portal.user_tests.statistics.interval_rules import SampleSpread, compute_spread
from tests.user_tests.statistics.samples import score_change, time_change
from tests.user_tests.statistics.strategies import of_some, scores, times


@given(of_some, of_some)
def test_two_rounds_of_completion_stay_differences(one, other):
    before, after = completion_rules.compute_completion(*one), completion_rules.compute_completion(*other)
    found = comparison_rules.compute_completion_change(before, after)
    back = comparison_rules.compute_completion_change(after, before)
    assert -1 <= found.interval.low <= found.interval.high <= 1
    assert found.interval.low - 1e-9 <= found.amount <= found.interval.high + 1e-9
    assert back.interval.low == pytest.approx(-found.interval.high, abs=1e-9)
    swapped = {ChangeVerdict.BETTER: ChangeVerdict.WORSE, ChangeVerdict.WORSE: ChangeVerdict.BETTER}
    assert back.verdict is swapped.get(found.verdict, ChangeVerdict.UNCLEAR)


@given(scores, scores)
def test_two_rounds_of_scores_stay_differences(before, after):
    found = score_change(before, after)
    if found.interval is None:
        assert found.verdict is ChangeVerdict.UNCLEAR
        return
    assert -100 <= found.interval.low <= found.amount <= found.interval.high <= 100
    assert (found.verdict is ChangeVerdict.UNCLEAR) == found.interval.contains(0)


@given(scores)
def test_a_round_is_neither_better_nor_worse_than_itself(given_):
    assert score_change(given_, given_).verdict is ChangeVerdict.UNCLEAR
    of = completion_rules.compute_completion(len([one for one in given_ if one > 50]), len(given_))
    assert comparison_rules.compute_completion_change(of, of).verdict is ChangeVerdict.UNCLEAR


@given(times, times)
def test_less_time_is_better(before, after):
    found = time_change(before, after)
    assert found.amount > 0
    if found.interval:
        assert 0 <= found.interval.low <= found.amount <= found.interval.high
        if found.interval.high < 1:
            assert found.verdict is ChangeVerdict.BETTER
        if found.interval.low > 1:
            assert found.verdict is ChangeVerdict.WORSE


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_lists_agree_as_far_as_they_share_problems(one, other):
    found = agreement_rules.compute_problem_list_agreement(one, other)
    assert (found is None) == (not one and not other)
    if found:
        assert 0 <= found.shared <= found.n
        assert found.interval.contains(found.shared / found.n)
        assert agreement_rules.compute_problem_list_agreement(other, one) == found


@given(times)
def test_durations_are_the_same_when_only_mean_and_deviation_are_left(seconds):
    duration = duration_rules.compute_geometric_mean_duration(seconds)
    left = duration_rules.geometric_mean_duration_from_spread(
        compute_spread(duration_rules.compute_logarithms(seconds))
    )
    assert left.seconds == pytest.approx(duration.seconds)
    assert (left.n, left.alike) == (duration.n, duration.alike)
    assert (left.interval is None) == (duration.interval is None)
    if duration.interval:
        assert left.interval.low == pytest.approx(duration.interval.low)


@pytest.mark.parametrize("wrong", [(0, 1.0, None), (1, 1.0, 0.0), (2, 1.0, None), (2, 1.0, -0.1)])
def test_no_values_have_such_a_spread(wrong):
    with pytest.raises(ValueError, match="no deviation"):
        SampleSpread(*wrong)
