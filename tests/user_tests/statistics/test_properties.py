"""Properties of the figures: ranges, monotony, sample size, order of sessions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.user_tests.statistics import (
    agreement_rules,
    comparison_rules,
    completion_rules,
    discovery_rules,
    duration_rules,
    norm_rules,
    scale_rules,
)
from portal.user_tests.statistics.interval_rules import Interval, compute_spread
from tests.user_tests.statistics.samples import score_change, seq, sus, time_change, umux_lite
from tests.user_tests.statistics.strategies import confidences, ease, matrices, of_some, scores, times


@given(of_some, confidences)
def test_an_interval_holds_the_share_and_stays_a_share(of, confidence):
    found = completion_rules.adjusted_wald(*of, confidence=confidence)
    assert 0 <= found.low <= found.high <= 1
    assert found.contains(of[0] / of[1])


def width(interval: Interval) -> float:
    return interval.high - interval.low


@given(of_some)
def test_more_participants_with_the_same_share_are_surer(of):
    successes, n = of
    tripled = completion_rules.adjusted_wald(3 * successes, 3 * n)
    assert width(tripled) < width(completion_rules.adjusted_wald(successes, n)) + 1e-12


@given(of_some)
def test_one_more_success_never_lowers_an_interval(of):
    successes, n = of
    if successes == n:
        return
    fewer = completion_rules.adjusted_wald(successes, n)
    more = completion_rules.adjusted_wald(successes + 1, n)
    assert fewer.low <= more.low
    assert fewer.high <= more.high


@given(of_some)
def test_failures_mirror_successes(of):
    successes, n = of
    found = completion_rules.adjusted_wald(successes, n)
    mirrored = completion_rules.adjusted_wald(n - successes, n)
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@pytest.mark.parametrize("wrong", [(-1, 3), (4, 3), (0, 0), (1, 0)])
def test_what_cannot_have_happened_has_no_figure(wrong):
    with pytest.raises(ValueError, match="cannot have managed"):
        completion_rules.adjusted_wald(*wrong)


@given(scores, st.randoms())
def test_sus_stays_on_its_scale_whatever_the_order_of_sessions(given_, random):
    found = sus(given_)
    assert 0 <= found.score <= 100
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert sus(shuffled) == found
    if len(given_) == 1:
        assert found.interval is None
    else:
        assert 0 <= found.interval.low <= found.score <= found.interval.high <= 100


@given(ease, st.randoms())
def test_ease_stays_on_its_scale_whatever_the_order_of_sessions(given_, random):
    found = seq(given_)
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert seq(shuffled) == found
    assert (found.interval is None) == (len(given_) == 1)
    if found.interval:
        assert 1 <= found.interval.low <= found.value <= found.interval.high <= 7
        assert found.alike == (len(set(given_)) == 1) == (width(found.interval) == 0)


@given(times, st.randoms())
def test_times_stay_times_whatever_the_order_of_sessions(given_, random):
    found = duration_rules.compute_time_on_task(given_)
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert duration_rules.compute_time_on_task(shuffled) == found
    assert min(given_) * 0.999999 <= found.seconds <= max(given_) * 1.000001
    if found.interval:
        assert 0 <= found.interval.low <= found.seconds <= found.interval.high


@given(scores.filter(lambda one: len(set(one)) > 1))
def test_the_same_answers_from_more_people_are_surer(given_):
    narrow, wide = width(sus(given_ * 3).interval), width(sus(given_).interval)
    assert narrow < wide or narrow == wide == 100  # an interval ends with the scale


def test_two_times_far_apart_have_an_interval_without_end():
    found = duration_rules.compute_time_on_task([1e-300, 1e300])
    assert found.interval.high == float("inf")


@given(st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_a_sus_score_is_a_step_of_two_and_a_half(answers):
    score = scale_rules.sus_score(answers)
    assert 0 <= score <= 100
    assert score % 2.5 == 0
    assert score + scale_rules.sus_score([6 - answer for answer in answers]) == 100


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_better_score_never_stands_lower(one, other):
    low, high = (norm_rules.compare_with_norms(score) for score in sorted((one, other)))
    assert 0 <= low.percentile <= high.percentile <= 1
    letters = ["F", "D", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+"]
    assert letters.index(low.grade) <= letters.index(high.grade)


@pytest.mark.parametrize(
    ("score", "grade", "percentile"),
    [
        (0, "F", 0),
        (51.6, "F", 0.149),
        (51.7, "D", 0.150),
        (68, "C", 0.5),
        (75, "B", 0.73),
        (80.79, "A", 0.894),
        (84.04, "A", 0.953),
        (84.05, "A+", 0.953),
        (84.1, "A+", 0.954),
        (100, "A+", 1),
    ],
)
def test_a_score_has_the_letter_and_the_place_of_the_norms(score, grade, percentile):
    found = norm_rules.compare_with_norms(score)
    assert found.percentile == pytest.approx(percentile, abs=0.002)
    assert found.grade == grade


@given(st.floats(0, 1), st.integers(0, 200), st.integers(0, 50))
def test_more_participants_find_no_less(rate, n, more):
    assert (
        0
        <= discovery_rules.discovered_share(rate, n)
        <= discovery_rules.discovered_share(rate, n + more)
        <= 1
    )


@given(st.floats(0.001, 1), st.floats(0.001, 0.999))
def test_the_participants_needed_find_that_much_and_one_less_would_not(rate, goal):
    n = discovery_rules.users_needed(rate, goal)
    assert discovery_rules.discovered_share(rate, n) >= goal - 1e-9
    assert n == 1 or discovery_rules.discovered_share(rate, n - 1) < goal


@given(matrices, st.randoms())
def test_the_adjusted_rate_is_lower_and_knows_no_order(problems, random):
    found = discovery_rules.compute_discovery(problems)
    assert 0 <= found.rate.adjusted <= found.rate.raw <= 1
    assert 0 <= found.interval.low <= found.discovered_share <= found.interval.high <= 1
    columns = list(zip(*problems, strict=True))
    random.shuffle(columns)
    rows = list(zip(*columns, strict=True))
    random.shuffle(rows)
    assert discovery_rules.compute_discovery(rows) == found


@pytest.mark.parametrize("wrong", [[[1, 0], [1]], [[0, 0]], [[]]])
def test_a_problem_that_nobody_met_is_none(wrong):
    with pytest.raises(ValueError, match="met by one"):
        discovery_rules.compute_adjusted_discovery_rate(wrong)


def test_nothing_has_no_figure():
    assert completion_rules.compute_completion(0, 0) is None
    assert duration_rules.compute_time_on_task([]) is None
    assert duration_rules.compute_median_duration([]) is None
    assert sus([]) is umux_lite([]) is seq([]) is None
    assert (
        compute_spread([])
        is scale_rules.sus_from_spread(None)
        is duration_rules.geometric_mean_duration_from_spread(None)
        is None
    )
    assert discovery_rules.compute_discovery([]) is None
    assert agreement_rules.compute_problem_list_agreement(set(), set()) is None
    assert comparison_rules.compute_completion_change(None, completion_rules.compute_completion(1, 2)) is None
    assert score_change([], [50.0]) is time_change([60], []) is None


@pytest.mark.parametrize(
    ("figure", "wrong"),
    [
        (scale_rules.sus_score, [3] * 9),
        (scale_rules.sus_score, [3] * 9 + [6]),
        (scale_rules.umux_lite_score, [0, 7]),
        (sus, [100.5]),
        (seq, [0]),
        (seq, [float("nan")]),
        (scale_rules.sus_equivalent, 101),
        (duration_rules.compute_time_on_task, [0]),
        (duration_rules.compute_time_on_task, [float("nan"), 3]),
        (duration_rules.compute_time_on_task, [float("inf")]),
        (norm_rules.compare_with_norms, 100.1),
    ],
)
def test_what_no_scale_has_is_refused(figure, wrong):
    with pytest.raises(ValueError):  # noqa: PT011  each says which of its own
        figure(wrong)


def test_an_interval_has_its_ends_in_order():
    with pytest.raises(ValueError, match="no interval"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="no interval"):
        Interval(float("nan"), 1)
    assert Interval(-3, 9).clip(0, 7) == Interval(0, 7)
    assert Interval(8, 9).clip(0, 7) == Interval(7, 7)
