"""Two windows of a juror, two jurors and a lead at the same time: 409, with both texts."""

import pytest

from portal.platform.kernel.database import db
from portal.selection.calls.models import CallState
from portal.selection.deliberation.models import DecisionKind
from portal.selection.jury import opening_commands
from portal.selection.jury.sheet_queries import read_sheet_entries
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of

KEYS = ("benefits", "relevance", "team", "data", "ethics")


def sheet(version, why, value="3"):
    typed = {f"value_{key}": value for key in KEYS} | {f"why_{key}": why for key in KEYS}
    return typed | {"version": version}


@pytest.fixture
def place(under_review):
    return f"/programmes/ami/calls/1/applications/{under_review.number}"


def test_a_stale_sheet_is_shown_beside_the_stored_one(under_review, jurors, place, browser_for):
    some.declare(jurors[0], under_review)
    browser = browser_for(jurors[0])
    version = some.load(jurors[0], under_review).assignment.version
    browser.submit(f"{place}/sheet", **sheet(version, "La première fenêtre."))
    page = words_of(browser.submit(f"{place}/sheet", expect=409, **sheet(version, "La seconde fenêtre.")))
    assert "La première fenêtre." in page
    assert "La seconde fenêtre." in page
    assert read_sheet_entries(some.load(jurors[0], under_review).assignment)["team"].justification == (
        "La première fenêtre."
    )


def test_a_sheet_that_comes_after_the_opening_is_told_and_kept(
    under_review, jurors, lead, place, browser_for
):
    for person in jurors[:2]:
        some.declare(person, under_review)
    some.send(jurors[1], under_review, 2)
    version = some.load(jurors[0], under_review).assignment.version
    loaded = some.load(lead, under_review)
    opening_commands.open_scores(lead, loaded, "La date est passée.", loaded.application.version)
    db.session.commit()
    browser = browser_for(jurors[0])
    page = browser.submit(f"{place}/sheet/send", expect=409, **sheet(version, "Trop tard, hélas."))
    assert "Trop tard, hélas." in page.text
    assert read_sheet_entries(some.load(jurors[0], under_review).assignment) == {}


def test_a_lead_who_opens_what_has_just_opened_is_told(under_review, jurors, leading, place, browser_for):
    version = under_review.version
    for person in jurors[:2]:
        some.judge(person, under_review, 2)
    typed = {"reason": "Je n’attends plus.", "version": version}
    page = browser_for(leading).submit(f"{place}/open", expect=409, **typed)
    assert "Je n’attends plus." in page.text


def test_two_leads_who_decide_see_both_texts(under_review, jurors, leading, place, browser_for):
    lead = make.actor(leading)
    for person in jurors[:2]:
        some.judge(person, under_review, 2)
    some.decide(lead, under_review, DecisionKind.WAITING_LIST)
    typed = {f"why_{key}": "Mon motif." for key in KEYS} | {"outcome": "laureate", "version": 0}
    page = words_of(browser_for(leading).submit(f"{place}/decision", expect=409, **typed))
    assert "Mon motif." in page
    assert some.LINE in page


def test_a_score_changed_in_two_windows(under_review, jurors, call, place, browser_for):
    for person in jurors[:2]:
        some.judge(person, under_review, 2)
    assert call.state is CallState.IN_REVIEW
    browser = browser_for(jurors[0])
    version = some.load(jurors[0], under_review).assignment.version
    typed = {"value": "4", "justification": "Relu.", "reason": "Une erreur.", "version": version}
    browser.submit(f"{place}/scores/team", **typed)
    other = typed | {"justification": "Relu encore.", "value": "5"}
    page = words_of(browser.submit(f"{place}/scores/team", expect=409, **other))
    assert "Relu." in page
    assert "Relu encore." in page
