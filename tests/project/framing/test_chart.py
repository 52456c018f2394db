from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.project.framing.metric_charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    draw_metric_chart,
    ticks_between,
)

START = (date(2026, 1, 1), 10.0)
LATER = (date(2026, 1, 11), 6.0)


def test_nothing_measured_draws_nothing():
    assert draw_metric_chart([], baseline=None, target=2.0, width=700) is None


def test_the_first_day_is_left_and_the_last_is_right():
    chart = draw_metric_chart([LATER], baseline=START, target=2.0, width=700)
    assert [(point.x, point.value) for point in chart.points] == [(LEFT, 10.0), (700 - RIGHT, 6.0)]
    assert chart.points[0].y < chart.points[1].y < chart.target.y
    assert chart.baseline.y == chart.points[0].y


def test_one_value_stands_in_the_middle():
    chart = draw_metric_chart([], baseline=START, target=None, width=700)
    assert chart.points[0].x == LEFT + (700 - LEFT - RIGHT) / 2
    assert chart.target is None


def test_large_numbers_have_room_beside_the_plot():
    """Otherwise « 1 200 000 » would lose its first digits and read as another number."""
    chart = draw_metric_chart([(date(2026, 3, 2), 1_200_000.0)], baseline=None, target=400_000.0, width=288)
    assert chart.left >= len("1 200 000") * 7 + 8
    assert chart.right <= 288 - len("1 200 000") * 7 - 10
    vast = draw_metric_chart([(date(2026, 3, 2), -999_999_999.125)], baseline=None, target=None, width=288)
    assert vast.right - vast.left >= 288 // 3


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 5, 10]),
        (2, 10, [2, 4, 6, 8, 10]),
        (0.48, 0.61, [0.45, 0.5, 0.55, 0.6, 0.65]),
        (7, 7, [2, 4, 6, 8, 10, 12]),
        (0, 0, [-0.5, 0, 0.5]),
    ],
)
def test_ticks_are_round_and_hold_what_is_shown(low, high, ticks):
    assert ticks_between(low, high) == pytest.approx(ticks)


values = st.floats(-1e9, 1e9, allow_nan=False)


@given(
    measured=st.lists(st.tuples(st.dates(), values), max_size=12),
    baseline=st.none() | st.tuples(st.dates(), values),
    target=st.none() | values,
)
def test_everything_stands_inside_the_drawing(measured, baseline, target):
    chart = draw_metric_chart(measured, baseline=baseline, target=target, width=288)
    if chart is None:
        assert not measured
        return
    lines = [line for line in (*chart.ticks, chart.target, chart.baseline) if line]
    for y in [point.y for point in chart.points] + [line.y for line in lines]:
        assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1
    for point in chart.points:
        assert LEFT - 0.1 <= point.x <= 288 - RIGHT + 0.1
    assert len(chart.ticks) <= 8
