"""Forecast: the published cases, what moves no day, and the order of the three days."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.gates.back_test_rules import BackTest, PastPlan, list_month_ends, run_back_test
from portal.oversight.gates.forecast_rules import (
    LatenessIncrements,
    PlannedGate,
    compute_lateness_quantiles,
    compute_present_lateness,
    derive_lateness_increments,
    forecast_gates,
    is_too_early_to_judge,
    list_latenesses,
)
from portal.oversight.gates.forecast_schemas import build_forecast_from_text

CASES = json.loads((Path(__file__).parent / "data/gate_forecast_vectors.json").read_text())
START = date(2026, 1, 5)


def after(days):
    return START + timedelta(days=days)


def plan(*latenesses, gates=12):
    """Gates due thirty days apart; the first ones were passed so many days late."""
    return [
        PlannedGate(n, after(30 * n), after(30 * n + latenesses[n]) if n < len(latenesses) else None)
        for n in range(gates)
    ]


def test_there_are_cases_with_and_without_a_range_and_with_waived_gates():
    assert len(CASES) == 22
    ranges = {gate["from"] is None for case in CASES for gate in case["out"]["gates"]}
    assert ranges == {True, False}
    assert any(gate["waived"] for case in CASES for gate in case["in"]["gates"])


@pytest.mark.parametrize("case", CASES)
def test_a_published_case_has_its_published_answer(case):
    assert build_forecast_from_text(json.dumps(case["in"])) == case["out"]


def test_lateness_is_that_of_the_gate_passed_last_or_of_what_is_overdue():
    assert compute_present_lateness(plan(), START) == 0
    assert compute_present_lateness(plan(-5), after(20)) == -5
    assert compute_present_lateness(plan(45, 10), after(50)) == 45  # G0 was passed after G1's day
    assert compute_present_lateness(plan(0), after(42)) == 12
    assert compute_present_lateness(plan(10, 10, gates=2), after(300)) == 10


def test_a_late_team_is_as_late_at_every_gate_and_not_later_at_each():
    forecasts = forecast_gates(plan(119), after(119))
    assert {forecast.slip for forecast in forecasts} == {119}
    assert forecasts[-1].weeks_late == 17


def test_steps_are_changes_from_one_passed_gate_to_the_next_in_the_order_of_the_plan():
    assert list_latenesses(plan(0, 10, 4)) == [0, 10, 4]
    assert derive_lateness_increments([[0, 10, 4], [7], []]) == LatenessIncrements((-6, 10))
    waived = [replace(gate, is_waived=gate.number == 1) for gate in plan(0, 10, 4)]
    assert derive_lateness_increments([list_latenesses(waived)]) == LatenessIncrements((4,))


def test_a_range_needs_twelve_steps_and_three_passed_gates():
    enough, short = LatenessIncrements((0,) * 12), LatenessIncrements((0,) * 11)
    ranges = [
        forecast_gates(plan(*latenesses), START, steps)[0].has_range
        for latenesses, steps in [((0, 0, 0), enough), ((0, 0), enough), ((0, 0, 0), short)]
    ]
    assert ranges == [True, False, False]


def test_quantiles_are_exact_at_their_bounds():
    assert compute_lateness_quantiles((0,) * 9 + (10,), 1) == (0, 0, 0)
    assert compute_lateness_quantiles((0,) * 8 + (10,) * 2, 1) == (0, 0, 10)
    assert compute_lateness_quantiles((-3, 5), 1) == (-3, -3, 5)
    assert compute_lateness_quantiles((-3, 5), 2) == (-6, 2, 10)


def test_it_is_too_early_until_two_gates_were_due():
    assert is_too_early_to_judge(plan(), after(29))
    assert not is_too_early_to_judge(plan(), after(30))
    waived = [replace(gate, is_waived=gate.number == 1) for gate in plan()]
    assert is_too_early_to_judge(waived, after(59))


latenesses = st.lists(st.integers(-30, 90), max_size=12)
days = st.integers(0, 500).map(after)
programme_steps = st.lists(st.integers(-40, 60), max_size=30).map(
    lambda steps: LatenessIncrements(tuple(sorted(steps)))
)


@given(latenesses, days, programme_steps)
def test_the_three_days_are_in_order_never_past_and_never_go_back(passed, day, steps):
    forecasts = forecast_gates(plan(*passed), day, steps)
    assert [forecast.number for forecast in forecasts] == list(range(len(passed), 12))
    rows = [
        (forecast.earliest_on, forecast.expected_on, forecast.latest_on)
        if forecast.has_range
        else (forecast.expected_on,)
        for forecast in forecasts
    ]
    for row in rows:
        assert day <= min(row)
        assert list(row) == sorted(row)
    for column in zip(*rows, strict=True):
        assert list(column) == sorted(column)


@given(latenesses, days, st.sampled_from([0, 12, 30]))
def test_where_no_lateness_ever_changed_each_gate_is_as_late_as_the_team_is(passed, day, n):
    gates = plan(*passed)
    lateness = compute_present_lateness(gates, day)
    for forecast in forecast_gates(gates, day, LatenessIncrements((0,) * n)):
        alone = max(forecast.due_on + timedelta(days=lateness), day)
        assert forecast.expected_on == alone
        assert forecast.earliest_on in {alone, None}
        assert forecast.latest_on in {alone, None}


@given(latenesses, days, st.integers(0, 90), programme_steps)
def test_a_day_that_passes_never_brings_a_gate_nearer(passed, day, more, steps):
    sooner = forecast_gates(plan(*passed), day, steps)
    later = forecast_gates(plan(*passed), day + timedelta(days=more), steps)
    for sooner_forecast, later_forecast in zip(sooner, later, strict=True):
        assert sooner_forecast.expected_on <= later_forecast.expected_on


@given(st.permutations(range(12)), latenesses, days, programme_steps)
def test_the_order_in_which_gates_are_listed_moves_no_day(order, passed, day, steps):
    gates = plan(*passed)
    shuffled = [gates[place] for place in order]
    assert forecast_gates(shuffled, day, steps) == forecast_gates(gates, day, steps)


def test_month_ends_are_the_last_days_of_months_before_a_day():
    assert list_month_ends(date(2026, 1, 5), date(2026, 3, 31)) == [date(2026, 1, 31), date(2026, 2, 28)]
    assert list_month_ends(date(2026, 1, 5), date(2026, 1, 20)) == []


def test_the_back_test_counts_gates_that_were_open_then_and_passed_since():
    """Fifteen teams on time, but one that passed its sixth gate fifty days late."""
    teams = {uuid4(): plan(0, 0, 0, 0, 0, days) for days in [*[0] * 14, 50]}
    passed = {
        id_: {gate.number: gate.passed_on for gate in gates if gate.passed_on} for id_, gates in teams.items()
    }

    def known_on(day, *, is_active=True):
        return day, {
            id_: PastPlan(
                tuple(
                    gate if gate.passed_on and gate.passed_on <= day else replace(gate, passed_on=None)
                    for gate in gates
                ),
                is_active,
            )
            for id_, gates in teams.items()
        }

    assert run_back_test(passed, [known_on(after(130))]) == BackTest(14, 15)
    assert run_back_test(passed, [known_on(after(130), is_active=False)]) == BackTest(0, 0)
    assert run_back_test(passed, [known_on(after(29))]) == BackTest(0, 0)  # no team had passed three
    assert BackTest(14, 15).percent == 93
    assert [BackTest(*n).percent for n in ((70, 88), (15, 26), (1, 200), (0, 0))] == [80, 58, 1, 0]
