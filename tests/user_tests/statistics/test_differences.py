"""What holds of two rounds, of two observers, and of figures whose values are gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.user_tests.statistics import (
    agreement_rules,
    comparison_rules,
    completion_rules,
    duration_rules,
    scale_rules,
)
from portal.user_tests.statistics.comparison_rules import ChangeVerdict
from portal.user_tests.statistics.interval_rules import SampleSpread, spread
from tests.user_tests.statistics.drawn import ease, of_some, scores, times


@given(of_some, of_some)
def test_two_rounds_of_completion_stay_differences(one, other):
    before, after = completion_rules.completion(*one), completion_rules.completion(*other)
    for compare in (
        comparison_rules.completion_change,
        comparison_rules.completion_change_newcombe,
    ):
        found, back = compare(before, after), compare(after, before)
        assert -1 <= found.interval.low <= found.interval.high <= 1
        assert found.interval.low - 1e-9 <= found.amount <= found.interval.high + 1e-9
        assert back.interval.low == pytest.approx(-found.interval.high, abs=1e-9)
        swapped = {
            ChangeVerdict.BETTER: ChangeVerdict.WORSE,
            ChangeVerdict.WORSE: ChangeVerdict.BETTER,
        }
        assert back.verdict is swapped.get(found.verdict, ChangeVerdict.UNCLEAR)


@given(scores, scores)
def test_two_rounds_of_scores_stay_differences(before, after):
    found = comparison_rules.score_change(before, after)
    if found.interval is None:
        assert found.verdict is ChangeVerdict.UNCLEAR
        return
    assert -100 <= found.interval.low <= found.amount <= found.interval.high <= 100
    assert (found.verdict is ChangeVerdict.UNCLEAR) == found.interval.contains(0)


@given(scores)
def test_a_round_is_neither_better_nor_worse_than_itself(given_):
    assert comparison_rules.score_change(given_, given_).verdict is ChangeVerdict.UNCLEAR
    of = completion_rules.completion(len([one for one in given_ if one > 50]), len(given_))
    assert comparison_rules.completion_change(of, of).verdict is ChangeVerdict.UNCLEAR


@given(times, times)
def test_less_time_is_better(before, after):
    found = comparison_rules.time_change(before, after)
    assert found.amount > 0
    if found.interval:
        assert 0 <= found.interval.low <= found.amount <= found.interval.high
        if found.interval.high < 1:
            assert found.verdict is ChangeVerdict.BETTER
        if found.interval.low > 1:
            assert found.verdict is ChangeVerdict.WORSE


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_agreement_stays_in_its_range_and_is_mutual(pairs):
    found = agreement_rules.judgement_agreement(pairs)
    swapped = agreement_rules.judgement_agreement([(b, a) for a, b in pairs])
    assert swapped == found
    assert found.interval.contains(found.same / found.n)
    assert (found.kappa is None) == (len({grade for pair in pairs for grade in pair}) == 1)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert found.kappa_interval.contains(found.kappa)
        assert -1 <= agreement_rules.weighted_kappa(pairs) <= 1
        assert (found.kappa == 1) == (found.same == found.n)


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_lists_agree_as_far_as_they_share_problems(one, other):
    found = agreement_rules.any_two_agreement(one, other)
    assert (found is None) == (not one and not other)
    if found:
        assert 0 <= found.any_two <= 1
        assert found.interval.contains(found.any_two)
        assert agreement_rules.any_two_agreement(other, one) == found


@given(scores, scores)
def test_figures_are_the_same_when_only_mean_and_deviation_are_left(before, after):
    kept, later = spread(before), spread(after)
    assert scale_rules.sus_from_spread(kept) == scale_rules.sus(before)
    assert scale_rules.umux_lite_from_spread(kept) == scale_rules.umux_lite(before)
    assert comparison_rules.score_change_from_spreads(kept, later) == comparison_rules.score_change(
        before, after
    )


@given(times, times, ease)
def test_times_and_ease_too(before, after, answers):
    kept, later = (spread(duration_rules.logarithms(one)) for one in (before, after))
    found, told = (
        duration_rules.geometric_mean(before),
        duration_rules.geometric_mean_from_spread(kept),
    )
    assert told.seconds == pytest.approx(found.seconds)
    assert (told.n, told.alike) == (found.n, found.alike)
    assert (told.interval is None) == (found.interval is None)
    if found.interval:
        assert told.interval.low == pytest.approx(found.interval.low)
    assert comparison_rules.time_change_from_spreads(kept, later) == comparison_rules.time_change(
        before, after
    )
    assert scale_rules.seq_from_spread(spread(answers)) == scale_rules.seq(answers)


@pytest.mark.parametrize("wrong", [(0, 1.0, None), (1, 1.0, 0.0), (2, 1.0, None), (2, 1.0, -0.1)])
def test_no_values_have_such_a_spread(wrong):
    with pytest.raises(ValueError, match="no deviation"):
        SampleSpread(*wrong)
