"""Bounds of the statistics: the first value outside of each is refused, the last inside is not."""

import math

import pytest

from portal.user_tests.statistics import (
    comparison_rules,
    discovery_rules,
    duration_rules,
    interval_rules,
    norm_rules,
    quantile_rules,
)
from portal.user_tests.statistics.interval_rules import Interval, SampleSpread


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (quantile_rules.normal_quantile, (0,)),
        (quantile_rules.normal_quantile, (1,)),
        (quantile_rules.two_sided_z, (1,)),
        (quantile_rules.two_sided_t, (0, 3)),
        (quantile_rules.two_sided_t, (1, 3)),
        (quantile_rules.two_sided_t, (0.95, 0)),
        (quantile_rules.beta_quantile, (-0.1, 1, 1)),
        (quantile_rules.beta_quantile, (1.1, 1, 1)),
        (quantile_rules.incomplete_beta, (1, 0, 1)),
        (quantile_rules.incomplete_beta, (1, 1, 0)),
        (quantile_rules.incomplete_beta, (-0.1, 1, 1)),
        (quantile_rules.incomplete_beta, (1.1, 1, 1)),
        (discovery_rules.discovered_share, (-0.1, 1)),
        (discovery_rules.discovered_share, (1.1, 1)),
        (discovery_rules.discovered_share, (0.5, -1)),
        (discovery_rules.users_needed_unrounded, (0, 0.5)),
        (discovery_rules.users_needed_unrounded, (1.1, 0.5)),
        (discovery_rules.users_needed_unrounded, (0.5, 0)),
        (discovery_rules.users_needed_unrounded, (0.5, 1)),
        (norm_rules.find_grade, (-0.1,)),
        (norm_rules.find_grade, (100.1,)),
        (norm_rules.compute_percentile, (-0.1,)),
        (norm_rules.compute_percentile, (100.1,)),
        (duration_rules.compute_time_on_task, ([1, 0],)),
        (duration_rules.compute_time_on_task, ([1, -1],)),
        (duration_rules.compute_median_duration, ([0],)),
    ],
)
def test_values_outside_the_bounds_are_refused(function, arguments):
    with pytest.raises(ValueError, match=r"."):
        function(*arguments)


def test_the_ends_of_each_range_have_a_value():
    assert quantile_rules.incomplete_beta(0, 2, 3) == 0
    assert quantile_rules.incomplete_beta(1, 2, 3) == 1
    assert quantile_rules.beta_quantile(0, 2, 3) == pytest.approx(0)
    assert quantile_rules.beta_quantile(1, 2, 3) == pytest.approx(1, abs=1e-4)
    assert discovery_rules.discovered_share(0, 5) == 0
    assert discovery_rules.discovered_share(1, 5) == 1
    assert discovery_rules.discovered_share(1, 0) == 0
    assert discovery_rules.discovered_share(0.5, 0) == 0
    assert discovery_rules.users_needed_unrounded(1, 0.9) == 1
    assert norm_rules.find_grade(0) == "F"
    assert norm_rules.find_grade(100) == "A+"
    assert norm_rules.compute_percentile(0) < norm_rules.compute_percentile(100) <= 1


def test_an_interval_contains_both_ends():
    interval = Interval(1, 2)
    assert interval.contains(1)
    assert interval.contains(2)
    assert not interval.contains(math.nextafter(1, 0))
    assert not interval.contains(math.nextafter(2, 3))
    assert Interval(1, 1).contains(1)


def test_a_change_whose_interval_touches_zero_is_unclear():
    unclear = comparison_rules.ChangeVerdict.UNCLEAR
    for interval in (None, Interval(0, 1), Interval(-1, 0), Interval(-1, 1)):
        assert comparison_rules._judge_interval(interval) is unclear
    assert comparison_rules._judge_interval(Interval(0.1, 1)) is comparison_rules.ChangeVerdict.BETTER
    assert comparison_rules._judge_interval(Interval(-1, -0.1)) is comparison_rules.ChangeVerdict.WORSE


def test_a_mean_may_lie_on_the_end_of_its_scale_but_not_beyond():
    for end in (0, 100):
        sample = SampleSpread(3, end, 0.0)
        mean = interval_rules.mean_from_spread(sample, least=0, most=100)
        assert (mean.value, mean.interval, mean.alike) == (end, Interval(end, end), True)
    for outside in (-1, 101):
        with pytest.raises(ValueError, match="a mean is not between"):
            interval_rules.mean_from_spread(SampleSpread(3, outside, 0.0), least=0, most=100)


def test_the_median_replaces_the_geometric_mean_from_twenty_six_times_on():
    times = [float(n) for n in range(1, 27)]
    assert (
        duration_rules.compute_time_on_task(times[:25]).middle is duration_rules.CentreEstimateKind.GEOMETRIC
    )
    assert duration_rules.compute_time_on_task(times).middle is duration_rules.CentreEstimateKind.MEDIAN


def test_equal_times_have_an_interval_of_width_zero_and_one_time_has_none():
    equal = duration_rules.compute_geometric_mean_duration([7, 7, 7])
    assert (equal.seconds, equal.interval, equal.alike) == (7, Interval(7, 7), True)
    single = duration_rules.compute_geometric_mean_duration([7])
    assert (single.seconds, single.interval) == (7, None)
    assert not duration_rules.compute_median_duration([1, 2, 3]).alike
    assert duration_rules.compute_median_duration([2, 2, 2]).alike


def test_rounds_without_a_spread_have_a_change_but_no_interval():
    single, several = SampleSpread(1, 50, None), SampleSpread(4, 70, 5.0)
    same = SampleSpread(4, 70, 0.0)
    for before, after in ((single, several), (several, single), (same, same)):
        change = comparison_rules.score_change_from_spreads(before, after)
        assert (change.amount, change.interval) == (after.mean - before.mean, None)
    assert comparison_rules.score_change_from_spreads(None, several) is None
    assert comparison_rules.score_change_from_spreads(several, None) is None
    assert comparison_rules.score_change_from_spreads(same, several).interval is not None
