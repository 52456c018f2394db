"""Figures against published examples and against scipy, to the last printed digit."""

import pytest

from portal.user_tests.statistics import completion_rules, discovery_rules, duration_rules, scale_rules
from portal.user_tests.statistics.quantile_rules import (
    beta_quantile,
    incomplete_beta,
    two_sided_t,
    two_sided_z,
)
from tests.user_tests.statistics.samples import score_change, sus, time_change
from tests.user_tests.statistics.vectors import EXACT, QUANTILES, VECTORS


def ends(interval) -> list[float]:
    return [interval.low, interval.high]


def each(name):
    return pytest.mark.parametrize("told", VECTORS[name], ids=str)


@pytest.mark.parametrize(("confidence", "freedom", "t"), QUANTILES["t"])
def test_t_is_that_of_the_tables(confidence, freedom, t):
    assert two_sided_t(confidence, freedom) == pytest.approx(t, rel=1e-9)


@pytest.mark.parametrize(("p", "a", "b", "value"), QUANTILES["beta"])
def test_quantiles_of_the_beta_law_are_those_of_the_tables(p, a, b, value):
    assert beta_quantile(p, a, b) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(("x", "a", "b", "share"), QUANTILES["incomplete_beta"])
def test_the_incomplete_beta_function_is_that_of_the_tables(x, a, b, share):
    assert incomplete_beta(x, a, b) == pytest.approx(share, rel=1e-9, abs=1e-15)


def test_z_is_that_of_every_textbook():
    assert two_sided_z(0.95) == pytest.approx(1.959964, abs=EXACT)
    assert two_sided_z(0.90) == pytest.approx(1.644854, abs=EXACT)


@each("sus")
def test_a_sus_score(told):
    assert scale_rules.sus_score(told["answers"]) == told["score"]


@each("sus_mean_ci_t95")
def test_the_mean_of_sus_scores(told):
    found = sus(told["scores"])
    assert found.n == told["n"]
    assert [found.score, *ends(found.interval)] == pytest.approx(
        [told["mean"], told["lo"], told["hi"]], abs=EXACT
    )


@each("umux_lite")
def test_a_umux_lite_score_and_its_sus_equivalent(told):
    score = scale_rules.umux_lite_score((told["a"], told["b"]))
    assert score == pytest.approx(told["score"], abs=EXACT)
    assert scale_rules.sus_equivalent(score) == pytest.approx(told["sus_regression"], abs=EXACT)


@each("completion")
def test_completion_rates(told):
    found = completion_rules.compute_completion(told["successes"], told["n"])
    assert ends(found.interval) == pytest.approx(told["adjusted_wald95"], abs=EXACT)
    if printed := told.get("literature"):
        assert ends(found.interval) == pytest.approx(printed["adjusted_wald95"], abs=1e-4)


@each("time_on_task")
def test_times_on_task(told):
    found = duration_rules.compute_time_on_task(told["times"])
    assert found.middle is duration_rules.CentreEstimateKind.GEOMETRIC
    assert [found.seconds, *ends(found.interval)] == pytest.approx(
        [told["geometric_mean"], told["lo95"], told["hi95"]], abs=EXACT
    )
    printed = told["literature"]
    if "lo95" in printed:
        assert [round(found.seconds), *map(round, ends(found.interval))] == [68, 46, 101]
    else:
        assert duration_rules.compute_median_duration(told["times"]).seconds == printed["median"]


@pytest.mark.parametrize(("n", "low", "high"), VECTORS["median"]["rows"])
def test_the_interval_of_a_median(n, low, high):
    found = duration_rules.compute_time_on_task(range(1, n + 1))
    assert found.middle is duration_rules.CentreEstimateKind.MEDIAN
    assert ends(found.interval) == [low, high]


@each("problem_discovery")
def test_what_participants_find(told):
    assert discovery_rules.discovered_share(told["p"], told["n"]) == pytest.approx(told["found"], abs=EXACT)


@each("problem_discovery_users")
def test_how_many_participants_it_takes(told):
    of = told["p"], told["goal"]
    assert discovery_rules.users_needed_unrounded(*of) == pytest.approx(told["users_exact"], abs=EXACT)
    assert discovery_rules.users_needed(*of) == told["users"]
    if printed := told.get("literature"):
        assert discovery_rules.users_needed_unrounded(*of) == pytest.approx(printed["users_exact"], abs=0.005)


@each("discovery_rate_adjustment")
def test_the_adjusted_rate_of_discovery(told):
    found = discovery_rules.compute_adjusted_discovery_rate(told["matrix_problems_by_users"])
    assert [found.raw, found.good_turing, found.normalised, found.adjusted] == pytest.approx(
        [told[f"p_{name}"] for name in ("raw", "good_turing", "normalised", "adjusted")], abs=EXACT
    )


@pytest.mark.parametrize(("kind", "compare"), [("scores", score_change), ("times", time_change)])
def test_two_rounds_as_welch_compares_them(kind, compare):
    told = VECTORS["welch"][kind]
    found = compare(told["before"], told["after"])
    assert [found.amount, *ends(found.interval)] == pytest.approx(
        [told["amount"], told["low"], told["high"]], abs=EXACT
    )
