"""What facts say of health: each signal, from the day it speaks; and time only worsens."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.health.definition import Code, Level
from portal.health.facts import (
    Advice,
    Closed,
    Facts,
    Open,
    Step,
    Tried,
    Work,
    as_plain,
    from_plain,
    weights_of,
)
from portal.health.library import defaults
from portal.health.signals import first_days, level_of, read, reasons

START = date(2026, 1, 5)
KEYS = ("engaged", "problem", "data", "framing", "baseline", "prototype", "tested")
STEPS = tuple(
    Step(n, key, 10, START + timedelta(days=30 * n), lacking=3) for n, key in enumerate(KEYS)
)
PASSED = tuple(replace(one, is_proved=True, passed_on=one.due_on) for one in STEPS)
FACTS = Facts(START, START + timedelta(days=300), START, steps=STEPS)


def after(days):
    return START + timedelta(days=days)


def at(facts, code, days):
    """Of one signal, so many days after the beginning."""
    signals = {one.code: one for one in read(facts, defaults(), START)}
    return signals[code].level(after(days))


def step(key, **given):
    return tuple(replace(one, **given) if one.key == key else one for one in STEPS)


def having(key, **given):
    return replace(FACTS, steps=step(key, **given))


def closed(days, outcome="met"):
    return Closed(1, after(days), outcome)


W, A, F = Level.WATCH, Level.ALERT, Level.FINE
MISSED = Work(closed(9, "missed"), tuple(after(n) for n in (3, 6, 9)))


@pytest.mark.parametrize(
    ("code", "facts", "days"),
    [
        # The day before each threshold, and the day it speaks.
        (Code.DATA_ACCESS, FACTS, {58: F, 59: W, 89: W, 90: A}),
        (Code.DATA_ACCESS, replace(FACTS, steps=step("data", is_proved=True)), {200: F}),
        (Code.DATA_ACCESS, replace(FACTS, steps=step("data", is_waived=True)), {200: F}),
        (Code.GATE_SLIP, FACTS, {10: F, 11: W, 30: W, 31: A}),
        (Code.GATE_SLIP, replace(FACTS, steps=PASSED), {400: F}),
        (Code.HIGH_RISK, replace(FACTS, unowned=(Open(1, after(5)),)), {4: F, 5: A}),
        (Code.FINDINGS, replace(FACTS, findings=(Open(1, after(5), 3),)), {35: F, 36: W, 99: W}),
        (Code.FINDINGS, replace(FACTS, findings=(Open(1, after(5), 4),)), {19: F, 20: A}),
        (
            Code.GATE_STALE,
            replace(
                FACTS,
                steps=tuple(
                    replace(one, stale_on=after(5 + one.number)) if one.number < 2 else one
                    for one in PASSED
                ),
            ),
            {4: F, 5: W, 6: A},
        ),
        (Code.GATE_STALE, having("tested", passed_on=START, fresh_until=after(5)), {5: F, 6: W}),
        (Code.GATE_STALE, having("framing", passed_on=START, stale_on=after(5)), {4: F, 5: A}),
        (Code.USER_SESSION, FACTS, {300: F}),
        (Code.USER_SESSION, having("prototype", passed_on=after(5)), {35: F, 36: W, 65: W, 66: A}),
        (
            Code.USER_SESSION,
            replace(FACTS, steps=step("prototype", passed_on=START), tests=Tried(after(5))),
            {35: F, 36: W},
        ),
        (Code.GOALS_MISSED, replace(FACTS, work=MISSED), {5: F, 6: W, 9: A}),
        (Code.NO_SPRINT, FACTS, {20: F, 21: W, 35: A}),
        (Code.NO_SPRINT, replace(FACTS, work=Work(closed(5))), {25: F, 26: W, 40: A}),
        (Code.NO_CONTACT, replace(FACTS, contact_on=after(5)), {25: F, 26: W, 40: A}),
        (Code.ADVICE, replace(FACTS, advice=Advice(2, 1, after(5))), {19: F, 20: W, 36: A}),
        (Code.KEY_ROLE, replace(FACTS, empty={"sponsor": START}), {14: F, 15: W, 31: A}),
    ],
)  # fmt: skip
def test_a_signal_speaks_from_the_day_of_its_threshold(code, facts, days):
    assert {day: at(facts, code, day) for day in days} == days


def test_a_project_that_rests_says_nothing():
    assert read(replace(FACTS, state="paused"), defaults(), after(200)) == ()


def test_a_project_written_down_late_has_two_weeks_to_say_what_there_is():
    signals = read(replace(FACTS, begun_on=after(120)), defaults(), after(120))
    assert level_of(signals, after(120)) is Level.FINE
    assert reasons(signals, after(134))[0].code is Code.DATA_ACCESS


def test_the_worst_comes_first_and_makes_the_level():
    signals = read(FACTS, defaults(), START)
    told = [(one.code, one.level(after(36))) for one in reasons(signals, after(36))]
    assert told[0] == (Code.GATE_SLIP, Level.ALERT)
    assert level_of(signals, after(36)) is Level.ALERT
    assert first_days(signals) == (after(11), after(31))


def test_a_slip_keeps_the_day_since_which_it_was_known():
    """An acceptance that came late makes the others late: since that day."""
    late = replace(STEPS[0], passed_on=after(25))
    facts = replace(FACTS, steps=(late, *STEPS[1:]))
    first = {one.code: one for one in read(facts, defaults(), after(25))}
    assert first[Code.GATE_SLIP].watch_from == after(25)
    again = {one.code: one for one in read(facts, defaults(), after(40), first.values())}
    assert again[Code.GATE_SLIP].watch_from == after(25)


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
            st.just(one),
            passed_on=some,
            stale_on=some,
            fresh_until=some,
            is_proved=st.booleans(),
            is_waived=st.booleans(),
        )
        for one in STEPS
    )
)
opened = st.lists(st.builds(Open, st.integers(1, 9), days, st.sampled_from([3, 4])), max_size=3)
facts = st.builds(
    Facts,
    st.just(START),
    st.just(after(300)),
    st.just(START),
    steps=steps,
    work=st.builds(Work, st.one_of(st.none(), st.just(closed(7))), st.just(())),
    contact_on=some,
    tests=st.builds(Tried, some, primary=st.one_of(st.none(), st.just((4, 5)))),
    findings=opened.map(tuple),
    unowned=opened.map(tuple),
    empty=st.dictionaries(st.sampled_from(["sponsor", "coach:technical"]), days),
)


@given(facts, days, days)
def test_with_time_alone_a_project_only_gets_worse(given_facts, one, other):
    signals = read(given_facts, defaults(), min(one, other))
    assert level_of(signals, min(one, other)) <= level_of(signals, max(one, other))


@given(facts, days)
def test_facts_come_back_as_they_were_kept(given_facts, day):
    kept = from_plain(as_plain(given_facts))
    assert kept == given_facts
    assert read(kept, defaults(), day) == read(given_facts, defaults(), day)


def test_readings_of_another_version_of_the_portal_are_read():
    """They are never written again: what it did not know is as usual, what is gone is left."""
    begun = date(2026, 5, 3)
    kept = as_plain(Facts(begun, date(2027, 3, 2), begun))
    older = {name: one for name, one in kept.items() if name != "begun_on"}
    assert from_plain(older | {"no_longer_asked": 1}) == from_plain(kept)
