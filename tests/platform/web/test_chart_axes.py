"""The marks of every axis are what they say."""

from datetime import date, timedelta

import pytest

from portal.app.home.plot import build_progress_plot
from portal.funding.agreements.labels import money
from portal.funding.reports.charts import draw_month_forecast
from portal.funding.reports.rules import ForecastMonth
from portal.oversight.health.fact_rules import GateFacts, HealthFacts
from portal.platform.kernel.text import using_language
from portal.platform.web.template_filters import number
from portal.project.framing.metric_charts import ticks_between

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("thousands", "ticks"),
    [(12.5, ["0", "2,5", "5", "7,5", "10", "12,5"]), (300, ["0", "100", "200", "300"])],
)
def test_the_marks_of_the_axis_are_what_they_say(app, thousands, ticks):
    with app.app_context(), using_language("fr"):
        chart = draw_month_forecast([ForecastMonth(DAY, thousands * 1000 * 100)], money)
    assert [tick.label for tick in chart.y_ticks] == ticks


@pytest.mark.parametrize("months", [1, 5, 10])
def test_a_month_stands_where_it_is_on_the_progress_of_a_project(app, months):
    start = date(2026, 1, 1)
    facts = HealthFacts(start, start + timedelta(days=round(months * 30.4)))
    with app.app_context(), using_language("fr"):
        (_first, *ticks) = build_progress_plot(facts, 0, start).ticks
    assert [tick.x for tick in ticks] == [pytest.approx(100 * int(tick.label) / months) for tick in ticks]


def test_what_is_accepted_falls_on_the_day_that_a_gate_is_stale(app):
    start = date(2026, 1, 1)
    day = [start + timedelta(days=n) for n in range(101)]
    gates = [
        GateFacts(0, "team", 50, day[10], passed_on=day[10]),
        GateFacts(1, "data", 50, day[20], passed_on=day[30], stale_on=day[60]),
    ]
    facts = HealthFacts(start, day[100], steps=tuple(gates))
    with app.app_context(), using_language("fr"):
        accepted = build_progress_plot(facts, 50, day[80]).accepted
    assert "60.0,0.0 60.0,50.0 80.0,50.0" in accepted


def test_the_marks_of_small_measures_are_written_whole(app):
    with app.app_context(), using_language("fr"):
        marks = [number(tick, exact=True) for tick in ticks_between(0.001, 0.0015)]
    assert marks == ["0,001", "0,0012", "0,0014", "0,0016"]
