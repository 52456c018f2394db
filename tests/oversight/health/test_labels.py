"""Labels of signals and forecasts."""

from datetime import date, timedelta

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.forecast_rules import GateForecast
from portal.oversight.health import labels, threshold_labels
from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.platform.kernel import clock


def test_both_thresholds_have_the_note_that_their_number_lacks(app):
    thresholds = {
        definition.code: [
            threshold_labels.format_threshold(definition, level)
            for level in (HealthLevel.WATCH, HealthLevel.ALERT)
        ]
        for definition in read_default_signals().values()
    }
    assert thresholds[SignalCode.USER_SESSION] == ["plus de 30 jours", "plus de 60 jours"]
    assert thresholds[SignalCode.HIGH_RISK] == ["—", "à partir de 1"]
    assert thresholds[SignalCode.FINDINGS][1] == "plus de 14 jours (gravité 4)"


def test_no_forecast_is_a_bare_date(app, monkeypatch):
    day, later = date(2026, 5, 4), date(2026, 6, 4)

    def forecast(early: date | None, late: date | None, **given: int) -> GateForecast:
        usual = {"lateness": 5, "passed": 3, "steps": 12}
        return GateForecast(3, day, later, early, late, **usual | given)

    def said(text: str) -> str:
        return text.replace("\xa0", " ")

    with_range, without = forecast(day, later), forecast(None, None, passed=2)
    assert forecast_labels.expected_date_label(with_range, str) == (
        f"vers le {later}, au plus tôt le {day}, au plus tard le {later}"
    )
    assert forecast_labels.expected_date_label(without, str) == f"vers le {later}, au rythme d’aujourd’hui"
    past = forecast_labels.expected_date_label(without, str, date(2026, 4, 1))
    assert past == f"vers le {later}, au rythme d’alors"
    today = clock.today()
    for away in (-1, 1):  # a reader west or east of Paris, where it is another day
        monkeypatch.setattr(clock, "today_for_reader", lambda days=away: today + timedelta(days=days))
        assert forecast_labels.is_past(today) is False
        assert forecast_labels.is_past(today - timedelta(days=2))
    assert said(forecast_labels.forecast_method(with_range)) == (
        "l’équipe a 5 jours de retard ; fourchette tirée de 12 écarts d’un jalon au suivant dans le programme"
    )
    assert "l’équipe a franchi 2 jalons, il en faut 3" in forecast_labels.forecast_method(without)
    assert said(forecast_labels.lateness(224)) == "l’équipe a plus de 7 mois de retard"
    few = forecast(None, None, steps=1, lateness=-1)
    assert "l’équipe a 1 jour d’avance" in forecast_labels.forecast_method(few)
    assert "1 écart d’un jalon au suivant dans le programme, il en faut 12" in (
        forecast_labels.forecast_method(few)
    )


def test_the_prototype_is_on_time_some_whole_weeks_late_or_too_early_to_say(app):
    day = date(2026, 5, 4)

    def said(days: int, *, too_early: bool = False) -> str:
        on = day + timedelta(days=days)
        forecast = GateForecast(11, day, on, None, None, lateness=0, passed=0, steps=0)
        return forecast_labels.weeks_late(forecast, too_early=too_early).replace("\xa0", " ")

    assert [said(days) for days in (-9, 0, 6)] == ["dans les temps"] * 3
    assert [said(days) for days in (7, 13, 20)] == [
        "1 semaine de retard",
        "1 semaine de retard",
        "2 semaines de retard",
    ]
    assert said(99, too_early=True) == "trop tôt pour le dire"


def test_durations_are_in_days_then_in_months(app):
    durations = [labels.format_duration(days).replace("\xa0", " ") for days in (0, 1, 61, 62, 146, 542)]
    assert durations[:3] == ["0 jour", "1 jour", "61 jours"]
    assert durations[3:] == ["plus de 2 mois", "plus de 4 mois", "plus de 17 mois"]
