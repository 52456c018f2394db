import pytest

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.portfolio.attention_rules import (
    TeamAttentionLevel,
    TeamReasonCode,
    TeamSigns,
    attention_level,
    has_person_in_charge,
    list_reasons,
    urgency_key,
)

ALERT, WARN, FINE = TeamAttentionLevel.ALERT, TeamAttentionLevel.WARN, TeamAttentionLevel.FINE


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        ({}, []),
        ({"days_without_close": 20}, []),
        ({"days_without_close": 21}, [(TeamReasonCode.SILENT, WARN, 21)]),
        ({"days_without_close": 34}, [(TeamReasonCode.SILENT, WARN, 34)]),
        ({"days_without_close": 35}, [(TeamReasonCode.SILENT, ALERT, 35)]),
        ({"missed_in_a_row": 1}, []),
        ({"missed_in_a_row": 2}, [(TeamReasonCode.GOALS_MISSED, WARN, 2)]),
        ({"missed_in_a_row": 3}, [(TeamReasonCode.GOALS_MISSED, ALERT, 3)]),
        ({"missed_in_a_row": 7}, [(TeamReasonCode.GOALS_MISSED, ALERT, 7)]),
        ({"help_wanted": True}, [(TeamReasonCode.HELP_WANTED, ALERT, 0)]),
        ({"days_overdue": 1}, [(TeamReasonCode.OVERDUE, WARN, 1)]),
        ({"days_overdue": 6}, [(TeamReasonCode.OVERDUE, WARN, 6)]),
        ({"storm": True}, [(TeamReasonCode.STORM, WARN, 0)]),
        ({"decision_awaited": True}, [(TeamReasonCode.DECISION_AWAITED, FINE, 0)]),
        (
            {"days_overdue": 2, "storm": True, "missed_in_a_row": 2, "days_without_close": 40},
            [
                (TeamReasonCode.SILENT, ALERT, 40),
                (TeamReasonCode.GOALS_MISSED, WARN, 2),
                (TeamReasonCode.OVERDUE, WARN, 2),
                (TeamReasonCode.STORM, WARN, 0),
            ],
        ),
    ],
)
def test_each_sign_has_its_reason_and_the_worst_comes_first(signs, told):
    reasons = list_reasons(TeamSigns(**signs), read_default_signals())

    assert [(reason.code, reason.level, reason.number) for reason in reasons] == told
    assert attention_level(reasons) == max((level for _, level, _ in told), default=FINE)


def test_a_project_at_rest_asks_for_nothing():
    everything = TeamSigns(
        goes_on=False,
        days_without_close=90,
        missed_in_a_row=5,
        days_overdue=60,
        help_wanted=True,
        storm=True,
        decision_awaited=True,
    )

    assert list_reasons(everything, read_default_signals()) == ()


def test_one_alert_outweighs_many_warnings_and_two_outweigh_one():
    waiting, warned, helped, both = (
        list_reasons(signs, read_default_signals())
        for signs in (
            TeamSigns(decision_awaited=True),
            TeamSigns(days_overdue=9, storm=True, decision_awaited=True, days_without_close=30),
            TeamSigns(help_wanted=True),
            TeamSigns(help_wanted=True, days_without_close=35),
        )
    )

    assert (
        urgency_key(()) < urgency_key(waiting) < urgency_key(warned) < urgency_key(helped) < urgency_key(both)
    )


def test_the_codes_are_stable():
    assert {code.value for code in TeamReasonCode} == {
        "help_wanted",
        "health",
        "goals_missed",
        "silent",
        "overdue",
        "storm",
        "rain",
        "decision_awaited",
    }


@pytest.mark.parametrize(
    ("signs", "followed"),
    [
        ({"health": HealthLevel.ALERT, "in_charge": True}, True),
        ({"health": HealthLevel.ALERT, "in_charge": True, "help_wanted": True}, True),
        ({"health": HealthLevel.ALERT, "in_charge": True, "help_wanted": True, "help_taken": True}, True),
        ({"health": HealthLevel.ALERT, "help_wanted": True, "help_taken": True}, False),
        ({"health": HealthLevel.WATCH, "help_wanted": True, "help_taken": True}, False),
        ({"health": HealthLevel.WATCH, "in_charge": True, "help_wanted": True}, False),
        ({"health": HealthLevel.WATCH, "in_charge": True, "help_wanted": True, "help_taken": True}, True),
        ({"health": HealthLevel.WATCH, "in_charge": True, "rain": True, "days_overdue": 3}, True),
        ({"health": HealthLevel.FINE, "rain": True}, False),
        ({"health": HealthLevel.FINE, "help_wanted": True, "help_taken": True}, True),
        ({"health": HealthLevel.FINE, "help_wanted": True}, False),
        ({"days_without_close": 40, "help_wanted": True, "help_taken": True}, False),
        ({"health": HealthLevel.FINE}, False),
    ],
)
def test_a_team_is_followed_where_somebody_has_its_health_or_its_request(signs, followed):
    team = TeamSigns(**signs)
    assert has_person_in_charge(list_reasons(team, read_default_signals()), team) is followed
