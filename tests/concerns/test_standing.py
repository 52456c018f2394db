"""What is due, late, waiting or in question on a day; and how much of it who reads."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.concerns.facts import Kept, Reviewed, as_plain, from_plain
from portal.concerns.standing import Asked, Look, Sees, stand

DAY = date(2026, 6, 15)
STARTS = date(2026, 1, 31)  # framing is asked for by the end of March, exposure by September
ASKED = {"framing": Asked(3, 2), "exposure": Asked(9, 8)}
ALL, REGISTER, NUMBERS = Sees(True, True), Sees(False, True), Sees(False, False)
CONDITIONS = Look.ACCEPTED_WITH_CONDITIONS
DRAFT = Reviewed(1, "framing", "draft")
GIVEN = Reviewed(1, "framing", "submitted", date(2026, 3, 1))
DECIDED = replace(GIVEN, state="accepted", decided_on=date(2026, 3, 9))
KEPT = Kept(
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
    return stand(kept, ASKED, STARTS, day, goes_on=goes_on, sees=sees)


def test_whoever_reads_a_team_is_told_all_of_it():
    told = stands()
    assert (told.catastrophic, told.severe, told.unrated) == (5, 9, 6)
    assert told.rated == (1, 2, 3, 4, 5)
    assert (told.severe_number, told.severe_since) == (7, date(2026, 5, 1))
    assert (told.conditions, told.conditions_late) == (2, 1)
    assert (told.measures, told.measures_late) == (3, 2)
    assert (told.reviews_late, told.late) == (1, 4)
    assert [one.look for one in told.expected] == [Look.DRAFT, Look.NONE]
    assert [one.due_on for one in told.expected] == [date(2026, 3, 31), date(2026, 9, 30)]
    assert told.sheet == "begun"


@pytest.mark.parametrize(("sees", "conditions"), [(REGISTER, 2), (NUMBERS, None)])
def test_whoever_watches_over_a_programme_is_told_no_draft_and_nothing_minor(sees, conditions):
    told = stands(sees=sees)
    assert (told.catastrophic, told.severe, told.high, told.triggers) == (5, 9, 3, 2)
    assert (told.rated, told.unrated, told.severe_number) == (None, None, None)
    assert (told.measures, told.measures_late, told.sheet) == (None, None, "")
    assert told.conditions == conditions
    assert told.expected[0].look is Look.NONE
    assert told.expected[0].review is None
    assert stands(replace(KEPT, sheet="published", sheet_on=DAY), sees).sheet == "published"
    assert stands(replace(KEPT, sheet="withdrawn", sheet_on=DAY), sees).sheet_on is None


@pytest.mark.parametrize(
    ("reviews", "waived", "look", "late"),
    [
        ((), (), Look.NONE, True),
        ((DRAFT,), (), Look.DRAFT, True),
        ((GIVEN,), (), Look.SUBMITTED, True),
        ((replace(GIVEN, state="in_review"),), (), Look.IN_REVIEW, True),
        ((DECIDED,), (), Look.ACCEPTED, False),
        ((replace(DECIDED, state=CONDITIONS.value),), (), CONDITIONS, False),
        ((replace(DECIDED, state="refused"),), (), Look.REFUSED, True),
        ((DECIDED, replace(DRAFT, number=2)), (), Look.DRAFT, False),  # the next one is begun
        ((replace(DECIDED, kind="bias"),), (), Look.NONE, True),  # no gate asks for it
        ((), (3,), Look.WAIVED, False),
        ((), (9,), Look.NONE, True),
    ],
)  # fmt: skip
def test_a_review_is_late_until_one_was_accepted_or_its_gate_waived(reviews, waived, look, late):
    told = stands(replace(KEPT, reviews=reviews, waived=waived)).expected[0]
    assert (told.look, told.is_late) == (look, late)


def test_nothing_is_late_on_its_day_nor_of_a_team_at_rest():
    assert not stands(day=date(2026, 3, 31)).expected[0].is_late
    assert stands(day=date(2026, 4, 1)).expected[0].is_late
    told = stands(goes_on=False)
    assert (told.late, told.severe) == (0, 9)
    assert [one.is_asked for one in told.expected] == [False, False]


def test_what_waits_for_a_decision_is_of_any_questionnaire():
    kept = replace(KEPT, reviews=(GIVEN, replace(GIVEN, number=2, kind="bias"), DRAFT))
    assert [one.number for one in stands(kept).waiting] == [1, 2]


@pytest.mark.parametrize("review", [DRAFT, GIVEN, DECIDED])
def test_a_review_is_kept_as_it_is(review):
    assert from_plain(as_plain(review)) == review
