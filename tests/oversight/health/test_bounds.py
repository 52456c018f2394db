"""The last day or number on which each rule of health still holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.oversight.health import signal_computation_rules
from portal.oversight.health.definition_rules import HealthLevel, LeadOpinionLevel, Thresholds
from portal.oversight.health.signal_rules import nth_day
from portal.oversight.health.state_rules import DatedLeadOpinion
from tests.oversight.health.test_signals import FACTS, START, after, step

DAY = after(60)


def test_an_override_holds_until_its_last_day_included():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    override = DatedLeadOpinion(at, LeadOpinionLevel.WATCH, "t", after(5), "Ada")
    assert [override.holds(after(n)) for n in (4, 5, 6)] == [True, True, False]
    assert not replace(override, level=LeadOpinionLevel.NOTHING).holds(after(4))


def test_the_nth_event_is_the_last_one_when_there_are_so_many():
    days = [after(1), after(2)]
    assert [nth_day(days, n) for n in (1, 2, 3, None)] == [after(1), after(2), None, None]
    assert nth_day([], 1) is None


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({}, HealthLevel.ALERT),
        ({"passed_on": START}, HealthLevel.ALERT),  # whatever was accepted before
        ({"is_proved": True}, HealthLevel.FINE),
        ({"is_waived": True}, HealthLevel.UNKNOWN),
    ],
)
def test_data_access_says_what_is_true_now(values, level):
    facts = replace(FACTS, steps=step("data", **values))
    signal = signal_computation_rules._compute_data_access(facts, Thresholds(watch=0, alert=1))
    due_on = facts.step("data").due_on
    assert signal.level(due_on + timedelta(days=31)) is level
    assert signal.level(due_on - timedelta(days=1)) is HealthLevel.UNKNOWN


def test_data_access_is_unknown_without_its_gate():
    facts = replace(FACTS, steps=())
    signal = signal_computation_rules._compute_data_access(facts, Thresholds(watch=0, alert=1))
    assert signal.level(after(90)) is HealthLevel.UNKNOWN
