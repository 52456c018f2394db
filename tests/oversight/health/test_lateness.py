"""Lateness of a project: stored as one number, it equals the forecast of every day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.forecast_rules import LatenessIncrements, forecast_gates
from portal.oversight.gates.state_rules import DatedDecision, first_acceptance_days
from portal.oversight.health.fact_rules import GateFacts, HealthFacts
from portal.oversight.health.lateness_rules import (
    compute_lateness,
    find_first_judged_day,
    lateness_with_shift,
)
from portal.platform.kernel.clock import end_of_day

START = date(2026, 1, 5)


def after(days):
    return START + timedelta(days=days)


def facts_of(latenesses, waived=()):
    steps = tuple(
        GateFacts(
            n,
            f"g{n}",
            8,
            after(30 * n),
            is_waived=n in waived,
            passed_on=after(30 * n + latenesses[n]) if n < len(latenesses) else None,
        )
        for n in range(12)
    )
    return HealthFacts(START, after(330), steps=steps)


latenesses = st.lists(st.integers(-30, 90), max_size=12)
waived = st.sets(st.integers(0, 11), max_size=4)
days = st.integers(0, 500).map(after)
programme_steps = st.lists(st.integers(-40, 60), max_size=30).map(
    lambda steps: LatenessIncrements(tuple(sorted(steps)))
)


@given(latenesses, waived, days, programme_steps)
def test_it_is_that_of_the_last_open_gate_from_the_start_of_its_range(passed, left_out, day, steps):
    facts = facts_of(passed, left_out)
    forecasts = forecast_gates(facts.planned_gates, day, steps)
    lateness = compute_lateness(facts, steps)
    assert (lateness is None) is (not forecasts)
    if lateness is not None:
        assert lateness.days_on(day) == forecasts[-1].days_judged_late
        assert lateness_with_shift(facts, lateness.shift) == lateness


def test_it_is_judged_from_the_second_gate_that_was_due():
    assert find_first_judged_day(facts_of([])) == after(30)
    assert find_first_judged_day(facts_of([], waived={1})) == after(60)
    assert find_first_judged_day(facts_of([], waived=set(range(11)))) is None


verbs = st.sampled_from([GateVerb.ACCEPTED, GateVerb.REFUSED, GateVerb.DECLARED, GateVerb.WITHDRAWN])
later_decisions = st.lists(st.tuples(st.integers(100, 300), st.integers(0, 2), verbs))


@given(later_decisions, days, programme_steps)
def test_what_is_decided_after_an_acceptance_moves_no_day(later, day, steps):
    """Accepting again, refusing, asking and taking back, of gates that were accepted."""
    decisions = [DatedDecision(end_of_day(after(10 * gate)), gate, GateVerb.ACCEPTED) for gate in range(3)]
    more = [DatedDecision(end_of_day(after(on)), gate, verb) for on, gate, verb in sorted(later)]

    def forecast(history):
        accepted_on = first_acceptance_days(history)
        passed = [(accepted_on[gate] - after(30 * gate)).days for gate in range(3)]
        return forecast_gates(facts_of(passed).planned_gates, day, steps)

    assert forecast(decisions + more) == forecast(decisions)


def test_a_gate_that_went_stale_or_was_refused_stays_passed_on_its_first_day():
    passed = GateFacts(0, "engaged", 8, START, passed_on=after(9))
    stale = GateFacts(0, "engaged", 8, START, passed_on=after(9), stale_on=after(20))
    refused = GateFacts(0, "engaged", 8, START, revoked_from=after(9))
    plans = [HealthFacts(START, after(300), steps=(step,)).planned_gates for step in (passed, stale, refused)]
    assert plans[0] == plans[1] == plans[2]
    assert refused.look(after(30)) == "open"
