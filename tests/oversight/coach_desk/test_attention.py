"""The reasons why a team asks for its coach, by dates, numbers and thresholds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.oversight.coach_desk.attention_rules import (
    DeskLevel,
    DeskReasonCode,
    DeskSigns,
    reasons_for,
    urgency,
)
from portal.oversight.health.definition_documents import default_signals
from portal.oversight.health.definition_rules import SignalCode, Thresholds

TODAY = date(2026, 11, 26)
QUIET = [("contact_on", DeskReasonCode.CONTACT), ("closed_on", DeskReasonCode.SILENT)]


def signs(**given):
    usual = {"goes_on": True, "contact_on": TODAY, "closed_on": TODAY}
    return DeskSigns(**usual | given)


def with_thresholds(*codes):
    """The default signals, these from 5 (watch) and from 10 (alert)."""
    signals = default_signals()
    changed = {code: replace(signals[code], thresholds=Thresholds(5, 10)) for code in codes}
    return {**signals, **changed}


def before(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(("field", "code"), QUIET)
@pytest.mark.parametrize(("days", "level"), [(20, None), (21, DeskLevel.WARN), (35, DeskLevel.ALERT)])
def test_quiet_has_two_steps(field, code, days, level):
    found = reasons_for(signs(**{field: before(days)}), default_signals(), TODAY)
    assert [(one.code, one.level, one.number, one.since) for one in found] == (
        [] if level is None else [(code, level, days, before(days))]
    )


@pytest.mark.parametrize(("field", "code"), QUIET)
@pytest.mark.parametrize(("days", "level"), [(4, None), (5, DeskLevel.WARN), (10, DeskLevel.ALERT)])
def test_quiet_is_judged_by_the_thresholds_of_the_programme(field, code, days, level):
    definitions = with_thresholds(SignalCode.NO_SPRINT, SignalCode.NO_CONTACT)
    reasons = reasons_for(signs(**{field: before(days)}), definitions, TODAY)
    assert [(reason.code, reason.level) for reason in reasons] == ([] if level is None else [(code, level)])


@pytest.mark.parametrize(("days", "level"), [(5, 0), (6, 1), (10, 1), (11, 2)])
def test_unanswered_advice_is_judged_by_the_thresholds_of_the_programme(days, level):
    unanswered = signs(unanswered=1, unanswered_since=before(days))
    (reason,) = reasons_for(unanswered, with_thresholds(SignalCode.ADVICE), TODAY)
    assert (reason.code, reason.level) == (DeskReasonCode.UNANSWERED, level)


def test_stale_gates_are_judged_by_the_thresholds_of_the_programme():
    levels = [
        reasons_for(signs(stale=gates), with_thresholds(SignalCode.GATE_STALE), TODAY)[0].level
        for gates in (4, 5, 10)
    ]
    assert levels == [DeskLevel.NOTE, DeskLevel.WARN, DeskLevel.ALERT]


@pytest.mark.parametrize(
    ("days", "level"), [(14, DeskLevel.NOTE), (15, DeskLevel.WARN), (31, DeskLevel.ALERT)]
)
def test_unanswered_advice_weighs_more_as_it_waits(days, level):
    (found,) = reasons_for(signs(unanswered=2, unanswered_since=before(days)), default_signals(), TODAY)
    assert (found.code, found.level, found.number) == (DeskReasonCode.UNANSWERED, level, 2)


@pytest.mark.parametrize(
    ("days", "level"), [(0, DeskLevel.WARN), (13, DeskLevel.WARN), (14, DeskLevel.ALERT)]
)
def test_a_gate_that_was_asked_for_long_ago_weighs_more(days, level):
    (found,) = reasons_for(
        signs(requested_gates=1, gates_requested_since=before(days)), default_signals(), TODAY
    )
    assert (found.code, found.level, found.since) == (DeskReasonCode.GATES_REQUESTED, level, before(days))


@pytest.mark.parametrize(("gates", "level"), [(1, DeskLevel.WARN), (2, DeskLevel.ALERT)])
def test_two_stale_gates_are_an_alert(gates, level):
    (found,) = reasons_for(signs(stale=gates, stale_since=before(3)), default_signals(), TODAY)
    assert (found.code, found.level, found.since) == (DeskReasonCode.STALE, level, before(3))


def test_the_worst_is_told_first_and_each_has_its_date():
    found = reasons_for(
        signs(
            contact_on=before(40),
            unread=3,
            unread_since=before(2),
            help_since=before(1),
            severe=3,
            grave=1,
            to_confirm=1,
            done_since=before(4),
            session_missed_on=before(3),
        ),
        default_signals(),
        TODAY,
    )
    assert [one.code for one in found] == [
        DeskReasonCode.HELP,
        DeskReasonCode.GRAVE,
        DeskReasonCode.CONTACT,
        DeskReasonCode.SEVERE,
        DeskReasonCode.MISSED,
        DeskReasonCode.TO_CONFIRM,
        DeskReasonCode.UNREAD,
    ]
    assert [one.since for one in found if one.code not in {DeskReasonCode.GRAVE, DeskReasonCode.SEVERE}] == [
        before(1),
        before(40),
        before(3),
        before(4),
        before(2),
    ]
    assert urgency(found) == (3, 2, 2)


@given(st.builds(signs, unread=st.integers(0, 3), contact_on=st.integers(0, 90).map(before)))
def test_a_project_at_rest_asks_for_nothing_but_an_answer(told):
    at_rest = DeskSigns(**{**told.__dict__, "goes_on": False})
    assert {one.code for one in reasons_for(at_rest, default_signals(), TODAY)} <= {DeskReasonCode.UNREAD}
    levels = [one.level for one in reasons_for(told, default_signals(), TODAY)]
    assert levels == sorted(levels, reverse=True)
