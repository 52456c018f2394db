"""The three numbers over time: three lines, what changed, and the same numbers as a table."""

from datetime import date

import pytest

from portal.oversight.gates.history_queries import DatedGatesProgress
from portal.oversight.gates.progress_charts import draw_progress
from portal.oversight.gates.state_rules import ProjectGatesProgress
from portal.platform.kernel.text import using_language


def row(on, *weights):
    return DatedGatesProgress(on, ProjectGatesProgress(*weights, total=50))


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        (10, 15, "30 % du poids des jalons accepté, 10 de plus que le 1er mars 2026"),
        (15, 10, "20 % du poids des jalons accepté, 10 de moins que le 1er mars 2026"),
        (10, 10, "20 % du poids des jalons accepté, comme le 1er mars 2026"),
    ],
)
def test_the_title_says_where_it_stands_and_what_it_did(app, before, after, title):
    rows = [row(date(2026, 3, 1), 20, 15, before), row(date(2026, 3, 31), 25, 15, after)]
    with using_language("fr"):
        chart = draw_progress(rows)
    assert chart.title.replace("\xa0", " ") == title
    assert [line.look for line in chart.series] == ["even", "scope", "main"]
    assert [label.label.replace("\xa0", " ") for label in chart.asides] == [
        "Déclaré 50 %",
        "Prouvé 30 %",
        f"Accepté {2 * after} %",
    ]
    assert [value.replace("\xa0", " ") for value in chart.rows[0][1:]] == ["50 %", "30 %", f"{2 * after} %"]
    assert chart.rows[1][0] == "1er mars 2026"


def test_a_first_day_has_nothing_to_compare_and_many_days_have_few_marks(app):
    assert draw_progress([row(date(2026, 3, 1), 0, 0, 0)]) is None
    with using_language("fr"):
        chart = draw_progress([row(date(2026, month, 1), month, month, month) for month in range(1, 13)])
    places = [tick.at for tick in chart.x_ticks]
    assert places[0] == 0
    assert places[-1] == 100
    assert len(places) <= 5
    assert len(chart.rows) == 12


def test_the_page_draws_them_explains_them_and_leads_to_each_day(browser_for, person, project):
    page = browser_for(person).visit("/projects/heron/gates/history")
    assert page.select_one("figure.chart svg[role=img] title").text.strip()
    assert page.select_one("figure.chart details table")
    assert [term.text for term in page.select(".three__terms dt")] == ["Déclaré", "Prouvé", "Accepté"]
    assert page.select("a[href*='/gates?on=']")
