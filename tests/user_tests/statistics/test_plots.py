"""Charts: what is drawn, the title, the table."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.kernel.text import using_language
from portal.user_tests.statistics import charts
from portal.user_tests.statistics.charts import ChartRow
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.duration_rules import compute_time_on_task
from tests.user_tests.statistics.samples import score_change, sus
from tests.user_tests.statistics.strategies import times

TASKS = [
    ChartRow("T1", "Trouver un arrêté", compute_completion(4, 5)),
    ChartRow("T2", "Signaler une erreur", compute_completion(1, 5)),
    ChartRow("T3", "Exporter", None),
]


def rows(figures) -> list[ChartRow]:
    return [ChartRow(f"T{n}", f"Tâche {n}", figure) for n, figure in enumerate(figures, 1)]


@pytest.fixture(autouse=True)
def french(app):
    with using_language("fr"):
        yield


def plain(text) -> str:
    return str(text).replace("\u00a0", " ")


def test_completion_has_a_dot_in_its_interval_for_each_task_that_was_tried():
    chart = charts.draw_completion_trend(TASKS, None)
    first, second, untried = chart.whiskers
    assert plain(chart.title).startswith("T1, puis T2. ")  # what its sentence compares
    assert (first.label, first.value, first.y) == ("T1", "4/5", pytest.approx(20))
    assert 100 >= first.low > first.y > first.high >= 0
    assert second.x == 50
    assert (untried.label, untried.y, untried.high) == ("T3", None, None)
    assert [[plain(cell) for cell in row] for row in chart.rows] == [
        ["T1 : Trouver un arrêté", "5", "4/5", "36 sur 100", "98 sur 100"],
        ["T2 : Signaler une erreur", "5", "1/5", "2 sur 100", "64 sur 100"],
        ["T3 : Exporter", "—", "—", "—", "—"],
    ]


def test_nothing_measured_draws_nothing():
    nothing = rows([None, None])
    for draw in (charts.draw_completion_trend, charts.draw_durations_trend, charts.draw_sus_trend):
        assert draw([], None) is draw(nothing, None) is None
    assert charts.draw_umux_lite_trend(nothing, None) is None


def test_ticks_of_times_say_seconds_or_minutes():
    short = charts.draw_durations_trend(rows([compute_time_on_task([20, 30, 25])]), None)
    middle = charts.draw_durations_trend(rows([compute_time_on_task([160, 200, 210])]), None)
    long = charts.draw_durations_trend(rows([compute_time_on_task([600, 700, 800])]), None)
    assert [plain(tick.label) for tick in middle.y_ticks] == [f"{n} min" for n in range(6)]
    assert plain(short.y_ticks[-1].label).endswith(" s")
    assert int(plain(long.y_ticks[-1].label).removesuffix(" min")) <= 40
    assert plain(long.rows[0][2]) == "11 min 35 s"


def test_an_interval_that_leaves_the_plot_has_no_end_there(app):
    chart = charts.draw_durations_trend(
        rows([compute_time_on_task([100, 250]), compute_time_on_task([50, 60, 70])]), None
    )
    wide, narrow = chart.whiskers
    assert (wide.is_cut, wide.high) == (True, 0)
    assert not narrow.is_cut
    assert plain(chart.rows[0][4]) == "14 h 49 min"
    with app.test_request_context():
        macro = app.jinja_env.globals["ui"].chart
        page = BeautifulSoup(str(macro("times", chart)), "html.parser")
    assert len(page.select("svg.chart__end")) == 3


def test_sus_over_rounds_tells_the_change_and_the_usual_score():
    before, after = [50, 52.5, 60, 45], [80, 85, 90, 77.5]
    chart = charts.draw_sus_trend(
        [ChartRow("1", "Tour 1", sus(before)), ChartRow("2", "Tour 2", sus(after))],
        score_change(before, after),
    )
    assert "C’est mieux." in chart.title
    assert plain(chart.title).endswith("Les tirets sont à 68, la moyenne des produits.")
    assert chart.level == 32
    assert len(chart.series[0].points.split()) == 2
    assert [one.value for one in chart.whiskers] == ["51,9", "83,1"]


def test_a_trend_shows_the_latest_rounds_and_one_round_alone():
    many = [ChartRow(str(n), f"Tour {n}", compute_completion(n, 12)) for n in range(1, 13)]
    chart = charts.draw_completion_trend(many, None)
    assert [one.label for one in chart.whiskers] == [str(n) for n in range(5, 13)]
    alone = charts.draw_completion_trend(many[:1], None)
    assert plain(alone.title) == "Rien à comparer : il manque les mesures d’avant ou d’après."
    assert len(alone.whiskers) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(times, min_size=1, max_size=20))
def test_everything_drawn_stays_within_the_plot(measured):
    drawn = rows([compute_time_on_task(one) for one in measured])
    for whisker in charts.draw_durations_trend(drawn, None).whiskers:
        parts = (whisker.x, whisker.y, whisker.low, whisker.high)
        assert all(-0.01 <= part <= 100.01 for part in parts if part is not None)
        if whisker.low is not None:
            assert whisker.high - 1e-9 <= whisker.y <= whisker.low + 1e-9


def test_the_page_has_a_dot_two_ends_and_the_numbers(app):
    with app.test_request_context():
        macro = app.jinja_env.globals["ui"].chart
        page = BeautifulSoup(str(macro("done", charts.draw_completion_trend(TASKS, None))), "html.parser")
    drawing = page.select_one("svg.chart__plot")
    assert drawing["role"] == "img"
    assert drawing.title.get_text() == page.figcaption.get_text()
    assert len(drawing.select("circle.chart__dot")) == 2
    assert len(drawing.select("svg.chart__end")) == 4
    assert [th.get_text() for th in page.select("tbody th")][2] == charts.draw_completion_trend(
        TASKS, None
    ).rows[2][0]
    assert len(page.select("thead th")) == 5
