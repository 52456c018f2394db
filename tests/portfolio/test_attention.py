import pytest

from portal.portfolio.attention import Code, Level, Signs, level_of, reasons_for, urgency

ALERT, WARN, FINE = Level.ALERT, Level.WARN, Level.FINE


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        ({}, []),
        ({"days_silent": 20}, []),
        ({"days_silent": 21}, [(Code.SILENT, WARN, 21)]),
        ({"days_silent": 34}, [(Code.SILENT, WARN, 34)]),
        ({"days_silent": 35}, [(Code.SILENT, ALERT, 35)]),
        ({"missed_in_a_row": 1}, []),
        ({"missed_in_a_row": 2}, [(Code.GOALS_MISSED, WARN, 2)]),
        ({"missed_in_a_row": 3}, [(Code.GOALS_MISSED, ALERT, 3)]),
        ({"missed_in_a_row": 7}, [(Code.GOALS_MISSED, ALERT, 7)]),
        ({"help_wanted": True}, [(Code.HELP_WANTED, ALERT, 0)]),
        ({"days_overdue": 1}, [(Code.OVERDUE, WARN, 1)]),
        ({"days_overdue": 6}, [(Code.OVERDUE, WARN, 6)]),
        ({"storm": True}, [(Code.STORM, WARN, 0)]),
        ({"decision_awaited": True}, [(Code.DECISION_AWAITED, FINE, 0)]),
        (
            {"days_overdue": 2, "storm": True, "missed_in_a_row": 2, "days_silent": 40},
            [
                (Code.SILENT, ALERT, 40),
                (Code.GOALS_MISSED, WARN, 2),
                (Code.OVERDUE, WARN, 2),
                (Code.STORM, WARN, 0),
            ],
        ),
    ],
)
def test_each_sign_has_its_reason_and_the_worst_comes_first(signs, told):
    reasons = reasons_for(Signs(**signs))

    assert [(reason.code, reason.level, reason.number) for reason in reasons] == told
    assert level_of(reasons) == max((level for _, level, _ in told), default=FINE)


def test_a_project_at_rest_asks_for_nothing():
    everything = Signs(
        goes_on=False,
        days_silent=90,
        missed_in_a_row=5,
        days_overdue=60,
        help_wanted=True,
        storm=True,
        decision_awaited=True,
    )

    assert reasons_for(everything) == ()


def test_one_alert_outweighs_many_warnings_and_two_outweigh_one():
    waiting = reasons_for(Signs(decision_awaited=True))
    warned = reasons_for(Signs(days_overdue=9, storm=True, decision_awaited=True, days_silent=30))
    helped = reasons_for(Signs(help_wanted=True))
    both = reasons_for(Signs(help_wanted=True, days_silent=35))

    assert urgency(()) < urgency(waiting) < urgency(warned) < urgency(helped) < urgency(both)


def test_the_codes_are_stable():
    assert {code.value for code in Code} == {
        "help_wanted",
        "health",
        "goals_missed",
        "silent",
        "overdue",
        "storm",
        "rain",
        "decision_awaited",
    }
