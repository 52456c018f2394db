"""Signals: each from the day of its threshold; without an event a project only gets worse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.health.definition_documents import default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.fact_rules import (
    ClosedSprintFacts,
    GateStep,
    HealthFacts,
    OpenIssue,
    SprintFacts,
    UnansweredAdvice,
    UserTestFacts,
    facts_as_plain,
    facts_from_plain,
    weights_of,
)
from portal.oversight.health.signal_rules import compute_signals, first_days, list_reasons, worst_level

START = date(2026, 1, 5)
KEYS = ("engaged", "problem", "data", "framing", "baseline", "prototype", "tested")
STEPS = tuple(GateStep(n, key, 10, START + timedelta(days=30 * n), lacking=3) for n, key in enumerate(KEYS))
PASSED = tuple(replace(gate_step, is_proved=True, passed_on=gate_step.due_on) for gate_step in STEPS)
FACTS = HealthFacts(START, START + timedelta(days=300), START, steps=STEPS)


def after(days):
    return START + timedelta(days=days)


def at(facts, code, days):
    """Level of one signal, so many days after the first day."""
    signals = {signal.code: signal for signal in compute_signals(facts, default_signals(), START)}
    return signals[code].level(after(days))


def step(key, **values):
    return tuple(replace(gate_step, **values) if gate_step.key == key else gate_step for gate_step in STEPS)


def having(key, **values):
    return replace(FACTS, steps=step(key, **values))


def passed(key, **values):
    """With one gate passed on the first day."""
    return having(key, passed_on=START, **values)


def with_finding(severity):
    """With one open finding, from day 5 on."""
    return replace(FACTS, findings=(OpenIssue(1, after(5), severity),))


def closed(days, outcome="met"):
    return ClosedSprintFacts(1, after(days), outcome)


W, A, F = HealthLevel.WATCH, HealthLevel.ALERT, HealthLevel.FINE
MISSED = SprintFacts(closed(9, "missed"), tuple(after(n) for n in (3, 6, 9)))


@pytest.mark.parametrize(
    ("code", "facts", "days"),
    [
        # The day before each threshold, and the first day of the level.
        (SignalCode.DATA_ACCESS, FACTS, {58: F, 59: W, 89: W, 90: A}),
        (SignalCode.DATA_ACCESS, replace(FACTS, steps=step("data", is_proved=True)), {200: F}),
        (SignalCode.DATA_ACCESS, replace(FACTS, steps=step("data", is_waived=True)), {200: F}),
        # Judged from day 30, when a second gate was due.
        (SignalCode.GATE_SLIP, FACTS, {29: F, 30: W, 60: W, 61: A}),
        (SignalCode.GATE_SLIP, replace(FACTS, steps=PASSED), {400: F}),
        (SignalCode.HIGH_RISK, replace(FACTS, unowned=(OpenIssue(1, after(5)),)), {4: F, 5: A}),
        (SignalCode.FINDINGS, with_finding(3), {35: F, 36: W, 99: W}),
        (SignalCode.FINDINGS, with_finding(4), {19: F, 20: A}),
        (
            SignalCode.GATE_STALE,
            replace(
                FACTS,
                steps=tuple(
                    replace(gate_step, stale_on=after(5 + gate_step.number))
                    if gate_step.number < 2
                    else gate_step
                    for gate_step in PASSED
                ),
            ),
            {4: F, 5: W, 6: A},
        ),
        (SignalCode.GATE_STALE, passed("tested", fresh_until=after(5)), {5: F, 6: W}),
        (SignalCode.GATE_STALE, passed("framing", stale_on=after(5)), {4: F, 5: A}),
        (SignalCode.USER_SESSION, FACTS, {300: F}),
        (SignalCode.USER_SESSION, having("prototype", passed_on=after(5)), {35: F, 36: W, 65: W, 66: A}),
        (
            SignalCode.USER_SESSION,
            replace(FACTS, steps=step("prototype", passed_on=START), tests=UserTestFacts(after(5))),
            {35: F, 36: W},
        ),
        (SignalCode.GOALS_MISSED, replace(FACTS, work=MISSED), {5: F, 6: W, 9: A}),
        (SignalCode.NO_SPRINT, FACTS, {20: F, 21: W, 35: A}),
        (SignalCode.NO_SPRINT, replace(FACTS, work=SprintFacts(closed(5))), {25: F, 26: W, 40: A}),
        (SignalCode.NO_CONTACT, replace(FACTS, contact_on=after(5)), {25: F, 26: W, 40: A}),
        (SignalCode.ADVICE, replace(FACTS, advice=UnansweredAdvice(2, 1, after(5))), {19: F, 20: W, 36: A}),
        (SignalCode.KEY_ROLE, replace(FACTS, empty={"sponsor": START}), {14: F, 15: W, 31: A}),
    ],
)
def test_a_signal_speaks_from_the_day_of_its_threshold(code, facts, days):
    assert {day: at(facts, code, day) for day in days} == days


def test_a_project_that_rests_says_nothing():
    assert compute_signals(replace(FACTS, state="paused"), default_signals(), after(200)) == ()


def test_a_project_written_down_late_has_two_weeks_to_say_what_there_is():
    signals = compute_signals(replace(FACTS, begun_on=after(120)), default_signals(), after(120))
    assert worst_level(signals, after(120)) is HealthLevel.FINE
    assert list_reasons(signals, after(134))[0].code is SignalCode.DATA_ACCESS


def test_the_worst_comes_first_and_makes_the_level():
    signals = compute_signals(FACTS, default_signals(), START)
    reasons = [(signal.code, signal.level(after(61))) for signal in list_reasons(signals, after(61))]
    assert reasons[0] == (SignalCode.GATE_SLIP, HealthLevel.ALERT)
    assert worst_level(signals, after(61)) is HealthLevel.ALERT
    assert first_days(signals) == (after(21), after(35))


def test_a_slip_keeps_the_day_since_which_it_was_known():
    """A late acceptance delays the other gates, since that day."""
    late = replace(STEPS[0], passed_on=after(35))
    facts = replace(FACTS, steps=(late, *STEPS[1:]))
    first = {signal.code: signal for signal in compute_signals(facts, default_signals(), after(35))}
    assert first[SignalCode.GATE_SLIP].watch_from == after(35)
    again = {
        signal.code: signal for signal in compute_signals(facts, default_signals(), after(40), first.values())
    }
    assert again[SignalCode.GATE_SLIP].watch_from == after(35)


def test_numbers_go_down_on_the_day_an_acceptance_goes_stale():
    steps = step("tested", passed_on=START, fresh_until=after(5), is_proved=True)
    assert weights_of(steps, after(5)) == (0, 10, 10, 70)
    assert weights_of(steps, after(6)) == (0, 10, 0, 70)
    waived = (replace(STEPS[0], is_waived=True), *STEPS[1:])
    assert weights_of(waived, START) == (0, 0, 0, 60)


days = st.integers(-40, 400).map(after)
some = st.one_of(st.none(), days)
steps = st.tuples(
    *(
        st.builds(
            replace,
            st.just(gate_step),
            passed_on=some,
            stale_on=some,
            fresh_until=some,
            is_proved=st.booleans(),
            is_waived=st.booleans(),
        )
        for gate_step in STEPS
    )
)
opened = st.lists(st.builds(OpenIssue, st.integers(1, 9), days, st.sampled_from([3, 4])), max_size=3)
facts = st.builds(
    HealthFacts,
    st.just(START),
    st.just(after(300)),
    st.just(START),
    steps=steps,
    work=st.builds(SprintFacts, st.one_of(st.none(), st.just(closed(7))), st.just(())),
    contact_on=some,
    tests=st.builds(UserTestFacts, some, primary=st.one_of(st.none(), st.just((4, 5)))),
    findings=opened.map(tuple),
    unowned=opened.map(tuple),
    empty=st.dictionaries(st.sampled_from(["sponsor", "coach:technical"]), days),
)


@given(facts, days, days)
def test_with_time_alone_a_project_only_gets_worse(given_facts, day, other_day):
    signals = compute_signals(given_facts, default_signals(), min(day, other_day))
    assert worst_level(signals, min(day, other_day)) <= worst_level(signals, max(day, other_day))


@given(facts, days)
def test_facts_come_back_as_they_were_kept(given_facts, day):
    stored = facts_from_plain(facts_as_plain(given_facts))
    assert stored == given_facts
    assert compute_signals(stored, default_signals(), day) == compute_signals(
        given_facts, default_signals(), day
    )


def test_readings_of_another_version_of_the_portal_are_read():
    """Readings are append-only: missing fields take defaults, unknown ones are ignored."""
    begun = date(2026, 5, 3)
    stored = facts_as_plain(HealthFacts(begun, date(2027, 3, 2), begun))
    older = {name: value for name, value in stored.items() if name != "begun_on"}
    assert facts_from_plain(older | {"no_longer_asked": 1}) == facts_from_plain(stored)
