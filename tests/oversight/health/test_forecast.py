"""Forecasts: habit of the team, quartiles of the cohort, no date in the past."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.health.forecast_rules import (
    GateSlipCohort,
    PlannedGate,
    build_cohort,
    forecast_gates,
    median_slip,
)

START = date(2026, 1, 5)


def after(days):
    return START + timedelta(days=days)


def planned_gates(*passed, planned=30, gates=12):
    """Gates due `planned` days apart; `passed` are the slips of the first ones."""
    return [
        PlannedGate(n, after(planned * n), after(planned * n + passed[n]) if n < len(passed) else None)
        for n in range(gates)
    ]


def test_a_gate_comes_as_late_as_the_team_usually_is_and_after_the_one_before_it():
    forecasts = forecast_gates(planned_gates(10, 20, 60), after(120))
    assert median_slip(planned_gates(10, 20, 60)) == 20
    assert [forecast.expected_on for forecast in forecasts[:2]] == [after(140), after(160)]
    assert {(forecast.n, forecast.habit) for forecast in forecasts} == {(3, 20)}


def test_a_gate_that_is_overdue_comes_today_at_the_earliest_and_moves_the_next():
    forecasts = forecast_gates(planned_gates(0), after(100))
    assert [forecast.expected_on for forecast in forecasts[:4]] == [
        after(100),
        after(100),
        after(100),
        after(120),
    ]


def test_quartiles_of_the_cohort_make_the_range_and_too_few_make_none():
    assert build_cohort([1, 2, 3]) == GateSlipCohort(3)
    cohort = build_cohort([0, 10, 20, 30, 60])
    assert cohort == GateSlipCohort(5, (10, 20, 30))
    (first, *_rest) = forecast_gates(planned_gates(20), after(1), cohort)
    assert (first.earliest_on, first.expected_on, first.latest_on) == (after(40), after(50), after(60))
    assert forecast_gates(planned_gates(20), after(1), GateSlipCohort(3))[0].earliest_on is None


slips = st.lists(st.integers(-60, 200), max_size=12)
today = st.integers(0, 500).map(after)


@given(slips, today, slips)
def test_a_range_holds_what_is_expected_and_nothing_is_expected_in_the_past(passed, day, others):
    forecasts = forecast_gates(planned_gates(*passed), day, build_cohort(others))
    assert [forecast.number for forecast in forecasts] == list(range(len(passed), 12))
    for forecast in forecasts:
        assert day <= forecast.expected_on
        if forecast.earliest_on and forecast.latest_on:
            assert day <= forecast.earliest_on <= forecast.expected_on <= forecast.latest_on


@given(slips, today, st.integers(0, 90), slips)
def test_a_day_that_passes_never_brings_a_gate_nearer(passed, day, more, others):
    cohort = build_cohort(others)
    sooner = forecast_gates(planned_gates(*passed), day, cohort)
    later = forecast_gates(planned_gates(*passed), day + timedelta(days=more), cohort)
    for sooner_forecast, later_forecast in zip(sooner, later, strict=True):
        assert sooner_forecast.expected_on <= later_forecast.expected_on
