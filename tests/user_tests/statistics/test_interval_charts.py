"""Figures of a round on their axes: positions, cut intervals, sentences."""

import itertools

import pytest

from portal.user_tests.statistics import interval_charts
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.duration_rules import compute_time_on_task
from portal.user_tests.statistics.interval_rules import compute_spread
from portal.user_tests.statistics.norm_rules import find_grade, list_grade_bands
from portal.user_tests.statistics.scale_rules import sus_from_spread


def sentence_of(mark):
    return f"{mark.figure}{mark.detail}".replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("successes", "helped", "sentence"),
    [
        (4, 0, "4 sur 5 ; entre 36 et 98 sur 100"),
        (3, 1, "3 sur 5, 1 de plus avec de l’aide ; entre 23 et 88 sur 100"),
        (5, 0, "5 sur 5 ; au moins 51 sur 100"),
        (0, 0, "0 sur 5 ; au plus 49 sur 100"),
    ],
)
def test_a_completion_is_drawn_where_its_figures_are(app, successes, helped, sentence):
    figure = compute_completion(successes, 5)
    mark = interval_charts.draw_completion_mark(figure, helped)
    assert sentence_of(mark) == sentence
    assert mark.at == pytest.approx(20 * successes)
    assert (mark.low, mark.high) == pytest.approx((100 * figure.interval.low, 100 * figure.interval.high))
    assert 0 <= mark.low <= mark.at <= mark.high <= 100


def test_what_nobody_did_has_a_sentence_and_no_point(app):
    for mark in (
        interval_charts.draw_completion_mark(None, 0),
        interval_charts.draw_duration_mark(None, 60, 120, "1 min"),
    ):
        assert mark.at is None
        assert mark.low is None
        assert mark.detail
        assert mark.label


def test_times_share_an_axis_that_holds_them_and_their_limits(app):
    figures = [compute_time_on_task([60, 90, 120]), compute_time_on_task([40, 44]), None]
    axis = interval_charts.find_time_axis_end(figures, [240, None, 120])
    assert axis in interval_charts.TIME_AXES
    assert axis >= 240
    mark = interval_charts.draw_duration_mark(figures[0], 240, axis, "4 min")
    assert mark.at == pytest.approx(100 * figures[0].seconds / axis)
    assert mark.limit == pytest.approx(100 * 240 / axis)
    assert sentence_of(mark).endswith("; n = 3), limite 4 min")
    assert (
        sentence_of(interval_charts.draw_duration_mark(compute_time_on_task([44]), None, axis, ""))
        == "44 s (n = 1)"
    )


def test_an_interval_beyond_the_axis_is_cut_there_and_told_whole(app):
    figure = compute_time_on_task([10, 300])
    axis = interval_charts.find_time_axis_end([figure], [None])
    mark = interval_charts.draw_duration_mark(figure, None, axis, "")
    assert figure.interval.high > axis
    assert mark.is_cut
    assert mark.high == 100
    assert "plus de 100 h" in sentence_of(mark)
    assert interval_charts.find_time_axis_end([None], [None]) == interval_charts.TIME_AXES[0]
    assert interval_charts.find_time_axis_end([compute_time_on_task([90_000.0])], [None]) == 90_000


def test_the_letters_of_the_sus_fill_the_axis_where_its_grades_change():
    bands = list_grade_bands()
    assert [letter for letter, _least, _end in bands] == ["F", "D", "C", "B", "A"]
    assert bands[0][1] == 0
    assert bands[-1][2] == 100
    for (letter, _least, end), (after, least, _end) in itertools.pairwise(bands):
        assert end == least
        assert find_grade(end)[0] == after
        assert find_grade(end - 0.1)[0] == letter
    drawn = interval_charts.draw_grade_bands()
    assert sum(band.width for band in drawn) == pytest.approx(100)


def test_a_score_keeps_its_own_sentence(app):
    figure = sus_from_spread(compute_spread([50.0, 62.5, 77.5]))
    mark = interval_charts.draw_score_mark(figure, "la phrase")
    assert (mark.at, mark.low, mark.high) == (figure.score, figure.interval.low, figure.interval.high)
    assert mark.detail == mark.label == "la phrase"
