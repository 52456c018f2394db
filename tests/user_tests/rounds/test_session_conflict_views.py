"""A session's page while two people type: both texts, and nothing replaced without a button."""

import pytest
from sqlalchemy import select

from portal.platform.kernel.database import db
from portal.platform.web.form_submission import RESUMED
from portal.user_tests.rounds.session_models import (
    TaskOutcome,
    TaskResult,
)
from tests.user_tests.rounds.conftest import S, result, said, typed


def pressed(page, name):
    """Return what a button of the page adds to what is sent."""
    return {name: page.find("button", attrs={"name": name})["value"]}


def test_two_who_write_the_same_field_see_both_texts_and_the_rest_goes_on(browser, begun):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-notes": "Le premier."})
    page = browser.submit(S, **read | {"t1-notes": "Le second.", "t1-ease": "3", "t2-outcome": "success"})
    assert "Le premier." in said(page)
    assert "Le second." in page.find(id="t1-notes").text
    db.session.expire_all()
    kept = {row.notes: row for row in db.session.scalars(select(TaskResult))}
    assert kept["Le premier."].ease == 3
    assert kept[""].outcome is TaskOutcome.SUCCESS
    browser.submit(S, **typed(page) | pressed(page, "t1-keep"))  # the second observer has seen both texts
    db.session.expire_all()
    assert db.session.scalar(select(TaskResult.notes).where(TaskResult.ease == 3)) == "Le second."


def test_after_a_conflict_only_a_button_replaces_the_text_of_somebody_else(browser, begun):
    live, only = browser.with_htmx(), {"only": "t1"}
    read = typed(browser.visit(S)) | only
    browser.submit(S, **read | {"t1-notes": "Le premier."})
    page = live.submit(S, **read | {"t1-notes": "Le second."}, expect=409)
    for words in ("Le second, plus long.", "Le second, mieux."):
        page = live.submit(S, **typed(page) | only | {"t1-notes": words}, expect=409)
        assert "Le premier." in said(page)
        assert words in said(page)
    page = live.submit(
        S, **typed(page) | only | {"t1-ease": "3"}
    )  # another field is saved, and the box stays
    assert "Le premier." in said(page)
    db.session.expire_all()
    assert (result().notes, result().ease) == ("Le premier.", 3)
    page = live.submit(S, **typed(page) | only | pressed(page, "t1-keep"))
    assert not page.select(".two-texts")
    db.session.expire_all()
    assert (result().notes, result().ease) == ("Le second, mieux.", 3)


def test_a_live_save_leaves_what_somebody_else_wrote_in_another_field(browser, begun):
    live, only = browser.with_htmx(), {"only": "t1"}
    mine = typed(browser.visit(S)) | only
    browser.submit(S, **mine | {"t1-slips": "3"})
    for words in ("Hésite.", "Hésite, puis trouve."):
        page = live.submit(S, **mine | {"t1-notes": words})
        mine |= {"t1-was": typed(page)["t1-was"]}  # the page keeps its fields, all but their marks
    db.session.expire_all()
    assert (result().errors, result().notes) == (3, "Hésite, puis trouve.")
    page = live.submit(S, **mine | {"t1-notes": words, "t1-slips": "1"}, expect=409)
    assert "3" in said(page.select_one(".two-texts"))


def test_a_stale_save_of_nothing_else_is_a_conflict(browser, begun):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-ease": "2"})
    page = browser.submit(S, **read | {"t1-ease": "6"}, expect=409)
    assert "Quelqu’un a écrit autre chose ici" in said(page)
    db.session.expire_all()
    assert result().ease == 2


def test_two_who_write_different_fields_of_a_task_both_keep_theirs(browser, begun):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-ease": "2"})
    browser.submit(S, **read | {"t1-notes": "Hésite."})
    db.session.expire_all()
    assert (result().ease, result().notes) == (2, "Hésite.")


@pytest.mark.parametrize("path", [S, f"{S}/end"])
def test_a_conflict_on_a_whole_page_is_refused_until_a_button_is_pressed(browser, begun, path):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-notes": "Le premier."})
    page = browser.submit(path, **read | {"t1-notes": "Le second."}, expect=409)
    page = browser.submit(path, **typed(page), expect=409)  # pressed twice
    live = browser.with_htmx()  # or typed on, where the page saves by itself
    live.submit(S, **typed(page) | {"only": "t1", "t1-notes": "Le second, mieux."}, expect=409)
    db.session.expire_all()
    assert result().notes == "Le premier."
    assert begun.ended_at is None


def test_a_session_that_is_shown_again_unsaved_still_sees_what_a_colleague_wrote(browser, begun):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-notes": "Le premier."})
    page = browser.submit(S, **read | {"t1-notes": "Le second.", RESUMED: "1"}, expect=403)
    browser.submit(S, **typed(page), expect=409)
    db.session.expire_all()
    assert result().notes == "Le premier."


def test_a_button_decides_for_its_part_alone(browser, begun):
    read = typed(browser.visit(S))
    browser.submit(S, **read | {"t1-notes": "A1", "t2-notes": "A2"})
    page = browser.submit(S, **read | {"t1-notes": "B1", "t2-notes": "B2"}, expect=409)
    page = browser.submit(S, **typed(page) | pressed(page, "t1-keep"))
    assert "A2" in said(page)
    db.session.expire_all()
    assert {row.notes for row in db.session.scalars(select(TaskResult))} == {"B1", "A2"}
    browser.submit(S, **typed(page) | pressed(page, "t2-stored"))
    db.session.expire_all()
    assert {row.notes for row in db.session.scalars(select(TaskResult))} == {"B1", "A2"}


def test_who_takes_the_stored_text_keeps_the_other_fields(browser, begun):
    live, only = browser.with_htmx(), {"only": "t1"}
    read = typed(browser.visit(S)) | only
    browser.submit(S, **read | {"t1-notes": "Le premier."})
    page = live.submit(S, **read | {"t1-notes": "Le second."}, expect=409)
    page = live.submit(S, **typed(page) | only | {"t1-ease": "3"} | pressed(page, "t1-stored"))
    assert page.find(id="t1-notes").text.strip() == "Le premier."
    db.session.expire_all()
    assert (result().notes, result().ease) == ("Le premier.", 3)


def test_two_quick_clicks_count_two_errors(browser, begun):
    live, only = browser.with_htmx(), {"only": "t1"}
    mine = typed(browser.visit(S)) | only | {"t1-slips": "2"}
    page = live.submit(S, **mine | {"deed": "error-1"})
    was = page.find(attrs={"name": "t1-was"})
    live.submit(S, **mine | {"deed": "error-1", "t1-was": was["value"]})  # the field still says 2
    db.session.expire_all()
    assert result().errors == 4
    replaced = typed(page) | only | {"t1-was": was["data-stored"]}  # by the page of the first answer
    live.submit(S, **replaced | {"t1-slips": "7"}, expect=409)
    page = live.submit(S, **typed(browser.visit(S)) | only | {"t1-slips": "7"})
    db.session.expire_all()
    assert result().errors == 7
