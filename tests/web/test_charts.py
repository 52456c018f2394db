import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web import charts

values = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


@given(st.floats(0, 1e6))
def test_an_axis_covers_what_it_measures_in_few_marks(most):
    top, marks = charts.scale(most)
    assert top >= most
    assert marks[0] == 0
    assert marks[-1] == pytest.approx(top)
    assert 2 <= len(marks) <= 7


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0, 1]), (3, [0, 1, 2, 3]), (18, [0, 5, 10, 15, 20]), (33, [0, 10, 20, 30, 40])],
)
def test_its_marks_are_round(most, marks):
    assert charts.scale(most)[1] == marks


@given(values)
def test_everything_drawn_stays_within_the_plot(given_):
    top, _marks = charts.scale(max(given_))
    across = [(100 * n / len(given_), value) for n, value in enumerate(given_)]
    for series in (charts.line("l", "main", across, top), charts.steps("l", "main", across, top)):
        for point in series.points.split():
            assert all(-0.01 <= float(part) <= 100.01 for part in point.split(","))
    for bar in charts.bars([("n", value, "v") for value in given_], top):
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert bar.y + bar.height == pytest.approx(100)


def test_a_step_keeps_its_value_until_the_next():
    assert (
        charts.steps("l", "main", [(0, 2), (50, 1)], 2).points == "0.00,0.00 50.00,0.00 50.00,50.00"
    )


def test_labels_at_one_end_do_not_cover_each_other():
    lines = [
        charts.line(name, "main", [(0, 0), (100, value)], 10)
        for name, value in (("a", 5), ("b", 5.1))
    ]
    high, low = charts.apart(lines)
    assert low.y - high.y >= charts.LABEL_GAP
