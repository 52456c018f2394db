"""Prefilled fields that nobody changed are not saved with a log."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import BlockerKind, Sprint
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.sprints.sprints.test_views import BOARD
from tests.support import factories as make
from tests.support.browser import words_of

LAST = {
    "indicator": "Rappel",
    "indicator_before": 0.4,
    "indicator_after": 0.61,
    "test_set_size": 120,
    "blocker": BlockerKind.DATA_ACCESS,
    "blocker_text": "Les lettres manquent.",
    "help_wanted": True,
    "decision_awaited": "Ouvrir les archives.",
    "outlook": OutlookLevel.STORMY,
}
LEFT_OUT = {
    "indicator": "",
    "indicator_before": None,
    "indicator_after": None,
    "test_set_size": None,
    "blocker": BlockerKind.NONE,
    "blocker_text": "",
    "help_wanted": False,
    "decision_awaited": "",
    "outlook": None,
}


@pytest.fixture
def browser(app, browser_for):
    project = make.project(slug="heron")
    make.closed_sprint(project, **LAST)
    make.active_sprint(project, number=2)
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


def filled_in(browser):
    """The values of the opened form, with an outcome."""
    page, sent = browser.visit(f"{BOARD}/2/close"), {"outcome": "met"}
    for field in page.select("form[data-draft] :is(input, textarea)"):
        if field.get("type") in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        text = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value")
        sent[field["name"]] = text or ""
    return sent | {"blocker": page.select_one("[name=blocker] [selected]")["value"]}


def closed():
    return db.session.query(Sprint).filter_by(number=2).one()


def test_nothing_to_report_reports_nothing(browser):
    page = browser.submit(f"{BOARD}/2/close", **filled_in(browser) | {"nothing": "1"})
    assert {name: getattr(closed(), name) for name in LEFT_OUT} == LEFT_OUT
    assert closed().summary == "Rien à signaler."
    for told in ("Aide demandée", "Les lettres manquent", "Ouvrir les archives", "Orage", "Rappel"):
        assert told not in words_of(page.main)


def test_a_close_is_not_prefilled_with_the_decision_of_the_last(browser):
    assert filled_in(browser)["decision_awaited"] == ""
    browser.submit(f"{BOARD}/2/close", **filled_in(browser) | {"summary": "Lu."})
    assert closed().decision_awaited == ""


def test_what_somebody_typed_beside_it_is_kept(browser):
    typed = {"nothing": "1", "decision_awaited": "Une autre.", "learnt": "Ceci."}
    browser.submit(f"{BOARD}/2/close", **filled_in(browser) | typed)
    assert closed().decision_awaited == "Une autre."
    assert closed().learnt == "Ceci."
    assert not closed().help_wanted


def test_it_says_before_what_a_draft_has_it_send(browser):
    def read_sentence():
        return words_of(browser.visit(f"{BOARD}/2/close").select_one("#nothing-says"))

    assert "part avec" not in read_sentence()
    sprint = closed()
    sprint.drafted_at, sprint.outcome, sprint.help_wanted = clock.now(), "met", True
    db.session.commit()
    assert "but atteint (" in read_sentence()
    assert "La demande d’aide cochée ci-dessus part avec. Une heure pour annuler." in read_sentence()
    sprint.help_asked_at, sprint.decision_awaited = clock.now(), "Ouvrir les archives."
    db.session.commit()
    assert "demande d’aide" not in read_sentence()  # it was made already
    assert read_sentence().endswith("La décision attendue part avec : cette clôture ne s’annulera pas.")


def test_a_close_says_its_blocker_again_but_neither_asks_for_help_nor_says_the_weather(browser):
    sent = filled_in(browser)
    assert not {"help_wanted", "outlook"} & sent.keys()
    page = browser.submit(f"{BOARD}/2/close", **sent | {"summary": "Lu."})
    assert closed().blocker_text == "Les lettres manquent."
    assert (closed().help_wanted, closed().outlook) == (False, None)
    assert "Orage" not in words_of(page.main)


def test_a_close_says_what_became_of_the_last_request(browser):
    def said():
        return words_of(browser.visit(f"{BOARD}/2/close").main)

    last = db.session.query(Sprint).filter_by(number=1).one()
    assert "demande du sprint 1 en attente" in said()
    assert "attend encore un coach : cochez" in said()
    last.help_taken_at = clock.now()
    db.session.commit()
    assert "Quelqu’un a pris la demande du sprint 1." in said()
    assert "quelqu’un a pris la demande du sprint 1" in said()
    last.helped_at = clock.now()
    db.session.commit()
    assert "demande du sprint 1 close" in said()
    assert "est close depuis le" in said()


@pytest.mark.parametrize("more", [{}, {"nothing": "1"}])
def test_a_close_keeps_what_was_asked_for_during_the_sprint(browser, more):
    asked = {"help_asked_at": clock.now(), "help_wanted": True, "blocker": "it", "blocker_text": "Les clés."}
    for name, value in asked.items():
        setattr(closed(), name, value)
    db.session.commit()
    sent = filled_in(browser)
    assert (sent["blocker_text"], sent["help_wanted"]) == ("Les clés.", "y")
    browser.submit(f"{BOARD}/2/close", **sent | {"summary": "Lu."} | more)
    assert closed().help_asked_at
    assert (closed().blocker_text, closed().help_wanted) == ("Les clés.", True)


def test_a_blocked_item_is_proposed_as_what_blocks(browser):
    sprint = closed()
    project = db.session.get_one(make.Project, sprint.project_id)
    blocked = {"state": "blocked", "block_reason": "deux relectures manquent"}
    make.item(project, sprint, title="Annoter les lettres", **blocked)
    sent = filled_in(browser)
    assert sent["blocker_text"] == "Annoter les lettres (deux relectures manquent)"
    page = browser.submit(f"{BOARD}/2/close", **sent | {"summary": "Lu."})
    assert "Annoter les lettres (deux relectures manquent)" in words_of(page.main)
    assert "Rien ne bloque" not in words_of(page.main)


def test_an_indicator_is_told_with_its_value_alone(browser):
    sent = filled_in(browser) | {"summary": "Lu."}
    assert sent["indicator"] == "Rappel"
    page = browser.submit(f"{BOARD}/2/close", **sent)
    assert "Rappel" not in words_of(page.main)
    assert closed().indicator == ""
    again = {"outcome": "met", "summary": "Lu.", "version": closed().version, "blocker": "none"}
    page = browser.submit(f"{BOARD}/2/log", **again | {"indicator": "F1", "indicator_after": "0,7"})
    assert "F1" in words_of(page.main)


@pytest.mark.parametrize("more", [{}, {"nothing": "1"}])
def test_a_value_that_is_no_number_is_refused_and_not_left_out(browser, more):
    sent = filled_in(browser) | {"summary": "Lu.", "indicator_after": "beaucoup"} | more
    page = browser.submit(f"{BOARD}/2/close", expect=422, **sent)
    assert "Écrivez un nombre" in words_of(page.select_one("#indicator_after-messages"))


def test_a_log_kept_with_a_name_alone_shows_no_figure(browser):
    sprint = closed()
    sprint.started_at = sprint.closed_at = sprint.created_at
    sprint.outcome, sprint.summary, sprint.indicator, sprint.test_set_size = "met", "Lu.", "F1", 9
    db.session.commit()
    assert "F1" not in words_of(browser.visit(f"{BOARD}/2").main)


def test_an_empty_line_is_asked_for_without_naming_a_button_that_is_not_there(browser):
    page = browser.submit(f"{BOARD}/1/log", expect=422, outcome="met", blocker="none", version=1)
    assert words_of(page.select_one("#summary-messages")) == "Écrivez une ligne."
