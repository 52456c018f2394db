"""Labels of signals and forecasts."""

from datetime import date

from portal.oversight.health import labels
from portal.oversight.health.definition_documents import default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.forecast_rules import GateForecast


def test_both_thresholds_have_the_note_that_their_number_lacks(app):
    thresholds = {
        definition.code: [
            labels.threshold(definition, level) for level in (HealthLevel.WATCH, HealthLevel.ALERT)
        ]
        for definition in default_signals().values()
    }
    assert thresholds[SignalCode.USER_SESSION] == ["plus de 30 jours", "plus de 60 jours"]
    assert thresholds[SignalCode.HIGH_RISK] == ["—", "à partir de 1"]
    assert thresholds[SignalCode.FINDINGS][1] == "plus de 14 jours (gravité 4)"


def test_no_forecast_is_a_bare_date():
    day, later = date(2026, 5, 4), date(2026, 6, 4)

    def expected(early: date | None, late: date | None) -> str:
        forecast = GateForecast(3, day, day, early, late, n=2, habit=5, cohort=9)
        return labels.expected(forecast, str)

    assert expected(day, later) == f"entre le {day} et le {later}"
    assert expected(None, None) == expected(day, day) == f"pas avant le {day}"


def test_durations_are_in_days_then_in_months(app):
    durations = [labels.format_duration(days).replace("\xa0", " ") for days in (0, 1, 61, 62, 146, 542)]
    assert durations[:3] == ["0 jour", "1 jour", "61 jours"]
    assert durations[3:] == ["plus de 2 mois", "plus de 4 mois", "plus de 17 mois"]
