"""What is due, late or waiting on a day, and how much of it each reader may know."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.oversight.open_issues.figure_rules import (
    IssueFigures,
    ReviewSnapshot,
    review_as_plain,
    review_from_plain,
)
from portal.oversight.open_issues.team_issue_rules import (
    GateRequiringReview,
    IssueVisibility,
    ReviewStatus,
    assess_issues,
)
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/portfolio/concerns"
DAY = date(2026, 6, 15)
STARTS = date(2026, 1, 31)  # framing is due by the end of March, exposure by September
ASKED = {"framing": GateRequiringReview(3, 2), "exposure": GateRequiringReview(9, 8)}
ALL, REGISTER, NUMBERS = (
    IssueVisibility(True, True),
    IssueVisibility(False, True),
    IssueVisibility(False, False),
)
CONDITIONS = ReviewStatus.ACCEPTED_WITH_CONDITIONS
DRAFT = ReviewSnapshot(1, "framing", "draft")
GIVEN = ReviewSnapshot(1, "framing", "submitted", date(2026, 3, 1))
DECIDED = replace(GIVEN, state="accepted", decided_on=date(2026, 3, 9))
KEPT = IssueFigures(
    findings=(1, 2, 3, 4, 5, 6),
    severe_number=7,
    severe_since=date(2026, 5, 1),
    reviews=(DRAFT,),
    conditions=(DAY - timedelta(days=1), DAY),
    triggers=2,
    high=3,
    measures=(DAY - timedelta(days=9), DAY - timedelta(days=1), DAY),
    sheet="begun",
)


def stands(kept=KEPT, sees=ALL, day=DAY, *, goes_on=True):
    return assess_issues(kept, ASKED, STARTS, day, goes_on=goes_on, sees=sees)


def test_whoever_reads_a_team_is_told_all_of_it():
    told = stands()
    assert (told.catastrophic, told.severe, told.unrated) == (5, 9, 6)
    assert told.rated == (1, 2, 3, 4, 5)
    assert (told.severe_number, told.severe_since) == (7, date(2026, 5, 1))
    assert (told.conditions, told.conditions_late) == (2, 1)
    assert (told.measures, told.measures_late) == (3, 2)
    assert (told.reviews_late, told.late_count) == (1, 4)
    assert [one.look for one in told.expected] == [ReviewStatus.DRAFT, ReviewStatus.NONE]
    assert [one.due_on for one in told.expected] == [date(2026, 3, 31), date(2026, 9, 30)]
    assert told.sheet == "begun"


@pytest.mark.parametrize(("sees", "conditions"), [(REGISTER, 2), (NUMBERS, None)])
def test_whoever_watches_over_a_programme_is_told_no_draft_and_nothing_minor(sees, conditions):
    told = stands(sees=sees)
    assert (told.catastrophic, told.severe, told.high, told.triggers) == (5, 9, 3, 2)
    assert (told.rated, told.unrated, told.severe_number) == (None, None, None)
    assert (told.measures, told.measures_late, told.sheet) == (None, None, "")
    assert told.conditions == conditions
    assert told.expected[0].look is ReviewStatus.NONE
    assert told.expected[0].review is None
    assert stands(replace(KEPT, sheet="published", sheet_on=DAY), sees).sheet == "published"
    assert stands(replace(KEPT, sheet="withdrawn", sheet_on=DAY), sees).sheet_on is None


@pytest.mark.parametrize(
    ("reviews", "waived", "look", "late"),
    [
        ((), (), ReviewStatus.NONE, True),
        ((DRAFT,), (), ReviewStatus.DRAFT, True),
        ((GIVEN,), (), ReviewStatus.SUBMITTED, True),
        ((replace(GIVEN, state="in_review"),), (), ReviewStatus.IN_REVIEW, True),
        ((DECIDED,), (), ReviewStatus.ACCEPTED, False),
        ((replace(DECIDED, state=CONDITIONS.value),), (), CONDITIONS, False),
        ((replace(DECIDED, state="refused"),), (), ReviewStatus.REFUSED, True),
        ((DECIDED, replace(DRAFT, number=2)), (), ReviewStatus.DRAFT, False),  # a new draft
        ((replace(DECIDED, kind="bias"),), (), ReviewStatus.NONE, True),  # no gate asks for it
        ((), (3,), ReviewStatus.WAIVED, False),
        ((), (9,), ReviewStatus.NONE, True),
    ],
)  # fmt: skip
def test_a_review_is_late_until_one_was_accepted_or_its_gate_waived(reviews, waived, look, late):
    told = stands(replace(KEPT, reviews=reviews, waived=waived)).expected[0]
    assert (told.look, told.is_late) == (look, late)


def test_nothing_is_late_on_its_day_nor_of_a_team_at_rest():
    assert not stands(day=date(2026, 3, 31)).expected[0].is_late
    assert stands(day=date(2026, 4, 1)).expected[0].is_late
    told = stands(goes_on=False)
    assert (told.late_count, told.severe) == (0, 9)
    assert [one.is_required for one in told.expected] == [False, False]


def test_what_waits_for_a_decision_is_of_any_questionnaire():
    kept = replace(KEPT, reviews=(GIVEN, replace(GIVEN, number=2, kind="bias"), DRAFT))
    assert [one.number for one in stands(kept).waiting] == [1, 2]


@pytest.mark.parametrize("review", [DRAFT, GIVEN, DECIDED])
def test_a_review_is_kept_as_it_is(review):
    assert review_from_plain(review_as_plain(review)) == review


def test_the_line_of_a_phone_gives_the_result_of_the_last_test(browser, heron, ibis):
    lines = {
        row.select_one(".team").text: row.select(".teams__row td")
        for row in browser.visit(URL).select("tbody")
    }
    (tested,) = [cell for cell in lines["HERON"] if cell.select_one(".x-narrow")]
    assert words_of(tested).startswith("Test 1 participant")
    (expected,) = [cell for cell in lines["IBIS"] if cell.select_one(".x-narrow")]
    assert words_of(expected).startswith("Revue G3 attendue")


def test_the_line_of_a_phone_is_never_empty(browser, heron, ibis, programme):
    ended = {"stopped_on": date(2026, 6, 1), "stop_reason": "r", "learnings": "l"}
    make.project(programme, slug="milan", acronym="MILAN", **ended)
    page = browser.visit(URL)
    rules = Path("static/portfolio.css").read_text(encoding="utf-8")
    for hidden in re.findall(r"^  (\.teams--issues [^{]+?) { display: none; }", rules, re.MULTILINE):
        for cell in page.select(hidden):
            cell.decompose()
    lines = {words_of(row.th): [words_of(cell) for cell in row("td")] for row in page.select(".teams__row")}
    assert lines["IBIS"][0] == "aucun test"
    assert lines["MILAN"] == ["Arrêté"]
    assert all(lines.values())
