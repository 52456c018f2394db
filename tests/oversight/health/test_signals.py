"""Signals: each from the day of its threshold; without an event a project only gets worse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.fact_rules import (
    ClosedSprintFacts,
    EthicsFacts,
    GateFacts,
    HealthFacts,
    OpenIssue,
    SprintFacts,
    TrackFacts,
    UnansweredAdviceSummary,
    UserTestFacts,
    facts_as_plain,
    facts_from_plain,
    sum_gate_weights,
)
from portal.oversight.health.signal_computation_rules import compute_signals
from portal.oversight.health.signal_rules import (
    compute_signal_first_days,
    find_worst_level,
    list_raised_signals,
)

START = date(2026, 1, 5)
KEYS = ("engaged", "problem", "data", "framing", "baseline", "prototype", "tested")
STEPS = tuple(GateFacts(n, key, 10, START + timedelta(days=30 * n), lacking=3) for n, key in enumerate(KEYS))
PASSED = tuple(replace(gate_step, is_proved=True, passed_on=gate_step.due_on) for gate_step in STEPS)
FACTS = HealthFacts(START, START + timedelta(days=300), steps=STEPS)


def after(days):
    return START + timedelta(days=days)


def at(facts, code, days):
    """Level of one signal, so many days after the first day."""
    signals = {signal.code: signal for signal in compute_signals(facts, read_default_signals(), START)}
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


W, A, F, U = HealthLevel.WATCH, HealthLevel.ALERT, HealthLevel.FINE, HealthLevel.UNKNOWN
TRACKS = {
    "technical": TrackFacts("Technique", "Technical", START, after(5)),
    "strategic": TrackFacts("Stratégique", "Strategic", START),
}
TESTED = UserTestFacts(START)
MISSED = SprintFacts(closed(9, "missed"), tuple(after(n) for n in (3, 6, 9)))


@pytest.mark.parametrize(
    ("code", "facts", "days"),
    [
        # The day before each threshold, and the first day of the level.
        # G2 is due on day 60, 6 March.
        (SignalCode.DATA_ACCESS, FACTS, {59: U, 60: W, 90: W, 91: A}),
        (SignalCode.DATA_ACCESS, having("data", is_proved=True), {59: U, 60: F, 200: F}),
        (SignalCode.DATA_ACCESS, having("data", is_waived=True), {200: U}),
        # What was accepted before does not count: the predicates do.
        (SignalCode.DATA_ACCESS, passed("data"), {59: U, 60: W, 91: A}),
        # Judged from day 30, when a second gate was due.
        (SignalCode.GATE_SLIP, FACTS, {29: U, 30: W, 60: W, 61: A}),
        (SignalCode.GATE_SLIP, replace(FACTS, steps=PASSED), {400: U}),
        (SignalCode.HIGH_RISK, FACTS, {200: U}),
        (SignalCode.HIGH_RISK, replace(FACTS, unowned=(OpenIssue(1, after(5)),)), {4: F, 5: A}),
        (SignalCode.HIGH_RISK, replace(FACTS, ethics=EthicsFacts(risks=1)), {0: F}),
        (SignalCode.HIGH_RISK, replace(FACTS, ethics=EthicsFacts({"framing": "draft"})), {0: U}),
        (SignalCode.HIGH_RISK, replace(FACTS, ethics=EthicsFacts({"framing": "refused"})), {0: F}),
        (SignalCode.FINDINGS, FACTS, {200: U}),
        (SignalCode.FINDINGS, replace(FACTS, tests=TESTED), {200: F}),
        (SignalCode.FINDINGS, with_finding(3), {35: F, 36: W, 99: W}),
        (SignalCode.FINDINGS, with_finding(4), {19: F, 20: A}),
        (SignalCode.GATE_STALE, FACTS, {200: U}),
        (SignalCode.GATE_STALE, passed("tested"), {200: F}),
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
            {4: F, 5: W, 35: W, 36: A},
        ),
        (SignalCode.GATE_STALE, passed("tested", fresh_until=after(5)), {5: F, 6: W, 36: W, 37: A}),
        (SignalCode.GATE_STALE, passed("framing", stale_on=after(5)), {4: F, 5: W, 19: W, 20: A}),
        (SignalCode.GATE_STALE, passed("framing", stale_on=after(5), is_waived=True), {99: U}),
        (SignalCode.USER_SESSION, FACTS, {300: U}),
        # A refusal or a staleness since does not undo the first acceptance.
        (SignalCode.USER_SESSION, having("prototype", revoked_from=after(5)), {35: F, 36: W}),
        (SignalCode.USER_SESSION, having("prototype", passed_on=after(5)), {35: F, 36: W, 65: W, 66: A}),
        (
            SignalCode.USER_SESSION,
            replace(FACTS, steps=step("prototype", passed_on=START), tests=UserTestFacts(after(5))),
            {35: F, 36: W},
        ),
        (SignalCode.GOALS_MISSED, FACTS, {200: U}),
        (SignalCode.GOALS_MISSED, replace(FACTS, work=MISSED), {5: F, 6: W, 9: A}),
        (SignalCode.GOALS_MISSED, replace(FACTS, work=SprintFacts(closed(5))), {6: F}),
        (SignalCode.NO_SPRINT, FACTS, {20: U, 21: W, 35: A}),
        (SignalCode.NO_SPRINT, replace(FACTS, work=SprintFacts(closed(5))), {25: F, 26: W, 40: A}),
        # A track without a coach has no clock; each of the others has its own.
        (SignalCode.NO_CONTACT, FACTS, {200: U}),
        (
            SignalCode.NO_CONTACT,
            replace(FACTS, tracks={"technical": TrackFacts("", "", None, after(5))}),
            {200: U},
        ),
        (SignalCode.NO_CONTACT, replace(FACTS, tracks=TRACKS), {20: U, 21: W, 34: W, 35: A}),
        (
            SignalCode.NO_CONTACT,
            replace(FACTS, tracks={"technical": TRACKS["technical"]}),
            {20: U, 25: F, 26: W, 40: A},
        ),
        # An assignment starts the clock again, and is not judged for 21 days.
        (
            SignalCode.NO_CONTACT,
            replace(FACTS, tracks={"technical": TrackFacts("", "", after(50), after(5))}),
            {70: U, 71: W, 84: W, 85: A},
        ),
        (SignalCode.ADVICE, FACTS, {200: U}),
        (SignalCode.ADVICE, replace(FACTS, advice=UnansweredAdviceSummary(total=2)), {200: F}),
        (
            SignalCode.ADVICE,
            replace(FACTS, advice=UnansweredAdviceSummary(2, 1, after(5))),
            {19: F, 20: W, 36: A},
        ),
        (SignalCode.KEY_ROLE, FACTS, {20: U, 21: F, 200: F}),
        (SignalCode.KEY_ROLE, replace(FACTS, empty={"sponsor": START}), {20: U, 21: W, 31: A}),
        (SignalCode.KEY_ROLE, replace(FACTS, empty={"sponsor": after(50)}), {70: F, 71: W, 81: A}),
        # Without lead or any coach, never green from day 21 on.
        (SignalCode.KEY_ROLE, replace(FACTS, empty={"lead": after(50)}), {49: F, 50: W, 81: A}),
        (SignalCode.KEY_ROLE, replace(FACTS, empty={"coach": after(5)}), {20: U, 21: W, 36: A}),
    ],
)
def test_a_signal_speaks_from_the_day_of_its_threshold(code, facts, days):
    assert {day: at(facts, code, day) for day in days} == days


def test_a_project_that_rests_says_nothing():
    assert compute_signals(replace(FACTS, state="paused"), read_default_signals(), after(200)) == ()


def test_data_that_were_proved_and_are_no_longer_speak_from_the_day_they_were_lost():
    lost = replace(STEPS[2], unproved_on=after(150))
    signals = compute_signals(replace(FACTS, steps=(*STEPS[:2], lost)), read_default_signals(), after(150))
    signal = next(each for each in signals if each.code is SignalCode.DATA_ACCESS)
    assert (signal.level(after(149)), signal.level(after(150))) == (HealthLevel.FINE, HealthLevel.ALERT)
    assert signal.since(after(160)) == after(150)


def test_the_worst_comes_first_and_makes_the_level():
    signals = compute_signals(FACTS, read_default_signals(), START)
    reasons = [(signal.code, signal.level(after(61))) for signal in list_raised_signals(signals, after(61))]
    assert reasons[0] == (SignalCode.GATE_SLIP, HealthLevel.ALERT)
    assert find_worst_level(signals, after(61)) is HealthLevel.ALERT
    days = compute_signal_first_days(signals, {})
    assert (days.known_from, days.watch_from, days.alert_from) == (after(21), after(21), after(35))
    assert (days.new_watch_from, days.new_alert_from) == (after(21), after(35))


def test_a_project_without_anything_to_judge_is_neither_green_nor_red():
    assert find_worst_level((), START) is HealthLevel.UNKNOWN
    signals = compute_signals(FACTS, read_default_signals(), START)
    assert {signal.level(after(20)) for signal in signals} == {HealthLevel.UNKNOWN}
    assert find_worst_level(signals, after(20)) is HealthLevel.UNKNOWN


def test_a_slip_keeps_the_day_since_which_it_was_known():
    """A late acceptance delays the other gates, since that day."""
    late = replace(STEPS[0], passed_on=after(35))
    facts = replace(FACTS, steps=(late, *STEPS[1:]))
    first = {signal.code: signal for signal in compute_signals(facts, read_default_signals(), after(35))}
    assert first[SignalCode.GATE_SLIP].watch_from == after(35)
    again = {
        signal.code: signal
        for signal in compute_signals(facts, read_default_signals(), after(40), first.values())
    }
    assert again[SignalCode.GATE_SLIP].watch_from == after(35)


def test_numbers_go_down_on_the_day_an_acceptance_goes_stale():
    steps = step("tested", passed_on=START, fresh_until=after(5), is_proved=True)
    assert sum_gate_weights(steps, after(5)) == (0, 10, 10, 70)
    assert sum_gate_weights(steps, after(6)) == (0, 10, 0, 70)
    waived = (replace(STEPS[0], is_waived=True), *STEPS[1:])
    assert sum_gate_weights(waived, START) == (0, 0, 0, 60)


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
    steps=steps,
    work=st.builds(SprintFacts, st.one_of(st.none(), st.just(closed(7))), st.just(())),
    contact_on=some,
    tracks=st.dictionaries(
        st.sampled_from(["technical", "strategic"]),
        st.builds(TrackFacts, st.just("Volet"), st.just("Track"), some, some),
    ),
    tests=st.builds(UserTestFacts, some, primary=st.one_of(st.none(), st.just((4, 5)))),
    findings=opened.map(tuple),
    unowned=opened.map(tuple),
    empty=st.dictionaries(st.sampled_from(["sponsor", "coach:technical", "lead", "coach"]), days),
)


@given(facts, days, days)
def test_with_time_alone_a_project_only_gets_worse(given_facts, day, other_day):
    signals = compute_signals(given_facts, read_default_signals(), min(day, other_day))
    assert find_worst_level(signals, min(day, other_day)) <= find_worst_level(signals, max(day, other_day))


@given(facts, days)
def test_nothing_is_green_without_lead_and_coach_from_day_21(given_facts, day):
    signals = compute_signals(given_facts, read_default_signals(), day)
    lacking = [since for role, since in given_facts.empty.items() if role in ("lead", "coach")]
    if lacking and day >= max(after(21), min(lacking)):
        assert find_worst_level(signals, day) >= HealthLevel.WATCH


@given(facts, days)
def test_facts_come_back_as_they_were_kept(given_facts, day):
    stored = facts_from_plain(facts_as_plain(given_facts))
    assert stored == given_facts
    assert compute_signals(stored, read_default_signals(), day) == compute_signals(
        given_facts, read_default_signals(), day
    )


def test_readings_of_another_version_of_the_portal_are_read():
    """Readings are append-only: missing fields take defaults, unknown ones are ignored."""
    begun = date(2026, 5, 3)
    facts = HealthFacts(begun, date(2027, 3, 2), steps=STEPS)
    assert "state" not in facts_as_plain(facts)
    assert facts_from_plain(facts_as_plain(facts) | {"no_longer_asked": 1}) == facts
