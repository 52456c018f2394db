"""Signals in charge: until the day passes, and only what was raised when somebody took charge."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.fact_rules import SprintFacts
from portal.oversight.health.signal_computation_rules import compute_signals
from portal.oversight.health.signal_rules import (
    Charge,
    compute_signal_first_days,
    find_worst_level,
    is_worst_level_in_charge,
)
from tests.oversight.health.test_signals import FACTS, START, after, closed, days, facts


def charge(until, on=21, code=SignalCode.NO_SPRINT):
    return {code: Charge(code, 1, datetime(2026, 1, 1, tzinfo=UTC), after(on), "x", until, "Léa")}


def test_a_signal_in_charge_is_new_again_when_the_day_passes():
    facts = replace(FACTS, steps=())
    signals = compute_signals(facts, read_default_signals(), START)
    charges = charge(after(40))
    assert not is_worst_level_in_charge(signals, {}, after(40))
    assert is_worst_level_in_charge(signals, charges, after(40))
    assert find_worst_level(signals, after(40)) is HealthLevel.ALERT
    assert not is_worst_level_in_charge(signals, charges, after(41))
    assert compute_signal_first_days(signals, charges).new_alert_from == after(41)


def test_a_charge_ends_with_what_it_was_about():
    """A sprint was closed since: the next silence is a new one."""
    facts = replace(FACTS, steps=(), work=SprintFacts(closed(25)))
    signals = compute_signals(facts, read_default_signals(), after(25))
    assert not is_worst_level_in_charge(signals, charge(after(50)), after(46))
    assert is_worst_level_in_charge(signals, charge(after(50), on=46), after(46))


def test_all_signals_of_the_worst_level_are_in_charge_or_the_team_is_new():
    facts = replace(FACTS, steps=(), empty={"sponsor": START})
    signals = compute_signals(facts, read_default_signals(), START)
    assert not is_worst_level_in_charge(signals, charge(after(50)), after(36))
    both = charge(after(50)) | charge(after(50), code=SignalCode.KEY_ROLE)
    assert is_worst_level_in_charge(signals, both, after(36))


@given(facts, days, st.dictionaries(st.sampled_from(SignalCode), st.tuples(days, days)))
def test_first_days_say_the_same_as_the_day_itself(given_facts, day, periods):
    """Lists compare dates; a page judges signals: they agree on each day after the charges."""
    charges = {
        code: Charge(code, 1, datetime(2026, 1, 1, tzinfo=UTC), on, "x", until, "Léa")
        for code, (on, until) in periods.items()
    }
    today = max([day, *(one.on for one in charges.values())])
    signals = compute_signals(given_facts, read_default_signals(), START)
    first = compute_signal_first_days(signals, charges)

    def reached(limit):
        return limit is not None and limit <= today

    level = find_worst_level(signals, today)
    assert (level is HealthLevel.ALERT) == reached(first.alert_from)
    assert (level >= HealthLevel.WATCH) == (reached(first.watch_from) or reached(first.alert_from))
    assert (level is HealthLevel.UNKNOWN) == (not (reached(first.known_from) or level > HealthLevel.FINE))
    new = first.new_alert_from if level is HealthLevel.ALERT else first.new_watch_from
    if level > HealthLevel.FINE:
        assert is_worst_level_in_charge(signals, charges, today) == (not reached(new))
