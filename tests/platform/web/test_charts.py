import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.platform.web import charts

values = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


@given(st.floats(0, 1e6))
def test_an_axis_covers_what_it_measures_in_few_marks(most):
    top, marks = charts.compute_axis_scale(most)
    assert top >= most
    assert marks[0] == 0
    assert marks[-1] == pytest.approx(top)
    assert 2 <= len(marks) <= 7


@pytest.mark.parametrize(
    ("most", "marks"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (18, [0, 5, 10, 15, 20]), (33, [0, 10, 20, 30, 40])]
)
def test_its_marks_are_round(most, marks):
    assert charts.compute_axis_scale(most)[1] == marks


@given(values)
def test_everything_drawn_stays_within_the_plot(given_):
    top, _marks = charts.compute_axis_scale(max(given_))
    across = [(100 * n / len(given_), value) for n, value in enumerate(given_)]
    for series in (charts.line("l", "main", across, top), charts.step_line("l", "main", across, top)):
        for point in series.points.split():
            assert all(-0.01 <= float(part) <= 100.01 for part in point.split(","))
    for bar in charts.bars([("n", value, "v") for value in given_], top):
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert bar.y + bar.height == pytest.approx(100)


def test_a_step_keeps_its_value_until_the_next():
    assert charts.step_line("l", "main", [(0, 2), (50, 1)], 2).points == "0.00,0.00 50.00,0.00 50.00,50.00"


def test_labels_at_one_end_do_not_cover_each_other():
    lines = [charts.line(name, "main", [(0, 0), (100, value)], 10) for name, value in (("a", 5), ("b", 5.1))]
    high, low = charts.spread_labels(lines)
    assert low.y - high.y >= charts.LABEL_GAP


def test_names_in_the_margin_do_not_cover_each_other_and_stay_beside_the_plot():
    told = charts.place_margin_labels([("d", 99), ("a", 0.5), ("c", 98.5), ("b", 98)])
    assert [one.label for one in told] == ["a", "b", "c", "d"]
    heights = [one.y for one in told]
    assert heights[0] == 0.5
    assert heights[-1] <= 100
    assert all(after - before >= charts.LABEL_GAP for before, after in itertools.pairwise(heights))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_names_in_the_margin_are_in_the_order_of_what_they_name(heights):
    told = charts.place_margin_labels([(str(height), height) for height in heights])
    assert [one.at for one in told] == sorted(heights)
    gaps = [after.y - before.y for before, after in itertools.pairwise(told)]
    assert all(gap >= charts.LABEL_GAP - 0.001 for gap in gaps)
    assert all(0 <= one.y <= 100 for one in told)


@pytest.mark.parametrize("left", [10, 40, 60, 100])  # early, on time, late, nothing done
def test_the_name_of_a_falling_line_keeps_clear_of_the_other_lines(left):
    rest = charts.step_line("Reste", "main", [(0, 100), (20, (100 + left) / 2), (50, left)], 100)
    scope = charts.line("Périmètre", "scope", [(0, 100), (50, 100)], 100)
    others = charts.spread_labels([scope, rest])
    even = charts.line("", "even", [(0, 100), (100, 0)], 100)
    named = charts.place_label_beside_line("Idéal", even, others)
    assert named.points == even.points
    assert abs(named.y - named.x) == pytest.approx(charts.LABEL_HALF)  # beside its own line
    box = charts._label_box(named)
    assert box.left >= 0
    assert box.right <= 100
    assert not any(box.overlaps(charts._label_box(other)) for other in others)
    for other in others:
        for (ax, ay), (bx, by) in itertools.pairwise(other.through):
            step = charts._LabelBox(min(ax, bx), max(ax, bx), min(ay, by), max(ay, by))
            assert not box.overlaps(step)


@given(st.lists(st.tuples(values, st.floats(1, 1e6)), min_size=1, max_size=9))
def test_whiskers_stand_side_by_side_around_their_dots(given_):
    measured = [("n", min(found), min(found), max(found) + more, "v") for found, more in given_]
    top, _marks = charts.compute_axis_scale(max(one[1] for one in measured))
    drawn = charts.whiskers([*measured, ("none", None, None, None, "")], top)
    assert [one.x for one in drawn] == sorted(one.x for one in drawn)
    for one, (_label, _value, _low, high, _written) in zip(drawn, measured, strict=False):
        assert 0 <= one.high <= one.y <= one.low <= 100
        assert one.is_cut == (high > top)
    assert (drawn[-1].label, drawn[-1].y) == ("none", None)
