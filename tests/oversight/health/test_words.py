"""What signals and forecasts say in words."""

from datetime import date

from portal.oversight.health import labels
from portal.oversight.health.definition_documents import default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.forecast_rules import GateForecast


def test_both_thresholds_are_told_with_what_their_numbers_do_not_say(app):
    told = {
        one.code: [labels.threshold(one, level) for level in (HealthLevel.WATCH, HealthLevel.ALERT)]
        for one in default_signals().values()
    }
    assert told[SignalCode.USER_SESSION] == ["plus de 30 jours", "plus de 60 jours"]
    assert told[SignalCode.HIGH_RISK] == ["—", "à partir de 1"]
    assert told[SignalCode.FINDINGS][1] == "plus de 14 jours (gravité 4)"


def test_no_forecast_is_a_bare_date():
    day, later = date(2026, 5, 4), date(2026, 6, 4)

    def said(early: date | None, late: date | None) -> str:
        one = GateForecast(3, day, day, early, late, n=2, habit=5, cohort=9)
        return labels.expected(one, str)

    assert said(day, later) == f"entre le {day} et le {later}"
    assert said(None, None) == said(day, day) == f"pas avant le {day}"


def test_a_time_is_told_as_people_say_it(app):
    told = [labels.format_duration(days).replace("\xa0", " ") for days in (0, 1, 61, 62, 146, 542)]
    assert told[:3] == ["0 jour", "1 jour", "61 jours"]
    assert told[3:] == ["plus de 2 mois", "plus de 4 mois", "plus de 17 mois"]
