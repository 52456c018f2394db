"""The last day or number on which each rule of health still holds."""

from dataclasses import replace
from datetime import UTC, datetime

from portal.oversight.health import signal_rules
from portal.oversight.health.definition_rules import HealthLevel, OverrideLevel, Thresholds
from portal.oversight.health.state_rules import Override
from tests.oversight.health.test_signals import FACTS, START, after, step

DAY = after(60)


def test_an_override_holds_until_its_last_day_included():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    override = Override(at, OverrideLevel.WATCH, "t", after(5), "Ada")
    assert [override.holds(after(n)) for n in (4, 5, 6)] == [True, True, False]
    assert not replace(override, level=OverrideLevel.NOTHING).holds(after(4))


def test_the_nth_event_is_the_last_one_when_there_are_so_many():
    days = [after(1), after(2)]
    assert signal_rules._nth_day(days, 1) == after(1)
    assert signal_rules._nth_day(days, 2) == after(2)
    assert signal_rules._nth_day(days, 3) is None
    assert signal_rules._nth_day(days, None) is None


def test_data_access_is_asked_until_its_gate_is_proved_waived_or_passed():
    thresholds = Thresholds(watch=1, alert=2)
    for values, expected in (
        ({}, HealthLevel.ALERT),
        ({"is_proved": True}, HealthLevel.FINE),
        ({"is_waived": True}, HealthLevel.FINE),
        ({"passed_on": START}, HealthLevel.FINE),
    ):
        facts = replace(FACTS, steps=step("data", **values))
        assert signal_rules._data_access(facts, thresholds).level(after(90)) is expected
    without_gate = replace(FACTS, steps=())
    assert signal_rules._data_access(without_gate, thresholds).level(after(90)) is HealthLevel.FINE
