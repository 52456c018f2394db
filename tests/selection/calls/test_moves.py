"""What a lead is told and asked before a call comes to its next state."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.text import format_day
from portal.selection.applications import commands as applications
from portal.selection.calls import commands
from portal.selection.calls.models import CallState
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of


def test_opening_before_its_day_asks_and_names_the_day_and_what_is_missing(
    lead, leading, programme, browser_for
):
    today = clock.today()
    days = {"opens_on": today + timedelta(days=3), "closes_on": today + timedelta(days=30)}
    row = some.call(lead, programme, CallState.DRAFT, tie_rule=None, appeal_terms="", **days)
    browser, place = browser_for(leading), "/programmes/ami/calls/1"
    page = browser.submit(f"{place}/state", state="open", version=row.version)
    shown = words_of(page.main)
    day = format_day(days["opens_on"]).replace("\xa0", " ")
    assert f"Ouvrir l’appel avant le {day}" in shown.replace("\xa0", " ")
    assert "ce qui départage les ex æquo, les voies et délais de recours." in shown
    assert "qui signe les lettres" not in shown
    assert row.state is CallState.DRAFT
    sent = {each["name"]: each["value"] for each in page.select("main input[type=hidden]")}
    names = ("state", "version", "confirmed")
    browser.submit(f"{place}/state", **{name: sent[name] for name in names})
    db.session.refresh(row)
    assert row.state is CallState.OPEN


def test_what_a_call_lacks_is_told_before_its_day_and_asked_on_it(lead, leading, programme, browser_for):
    today = clock.today()
    days = {"opens_on": today + timedelta(days=30), "closes_on": today + timedelta(days=60)}
    row = some.call(lead, programme, CallState.DRAFT, tie_rule=None, appeal_terms="", **days)
    browser, place = browser_for(leading), "/programmes/ami/calls/1"
    lacks = "ce qui départage les ex æquo, les voies et délais de recours."

    def read_warnings():
        alerts = browser.visit(place).select(".fr-alert--warning")
        waiting = browser.visit("/to-decide").main.select('[id^="calls-"] .todo__text a')
        return [words_of(alert) for alert in alerts], [words_of(link) for link in waiting]

    assert read_warnings() == ([], [])
    soon = some.facts(tie_rule=None, appeal_terms="", **days | {"opens_on": today + timedelta(days=7)})
    commands.change_call(lead, row, soon, row.version)
    (alert,), (waiting,) = read_warnings()
    assert lacks in alert
    assert "il lui manque 4 choses" in waiting
    row.opens_on = today
    db.session.commit()
    page = browser.submit(f"{place}/state", state="open", version=row.version)
    assert "sans ce qui lui manque" in words_of(page.h1)
    assert lacks in words_of(page.main)
    with pytest.raises(RuleBroken) as refused:
        commands.move_call_to_state(lead, row, CallState.OPEN, row.version)
    assert refused.value.field == "knowingly"
    db.session.rollback()
    commands.move_call_to_state(lead, row, CallState.OPEN, row.version, knowingly=True)


def test_closing_before_its_day_asks(leading, call, browser_for):
    browser, place = browser_for(leading), f"/programmes/ami/calls/{call.number}"
    call.closes_on = clock.today() + timedelta(days=15)
    db.session.commit()
    assert "fr-btn--tertiary" in next(
        button["class"] for button in browser.visit(place).select("button") if "Clore" in button.text
    )
    page = browser.submit(f"{place}/state", state="closed", version=call.version)
    day = format_day(call.closes_on).replace("\xa0", " ")
    assert f"Clore l’appel avant le {day}" in words_of(page.main)
    assert call.state is CallState.OPEN
    sent = {each["name"]: each["value"] for each in page.select("main input[type=hidden]")}
    browser.submit(f"{place}/state", **{name: sent[name] for name in ("state", "version", "confirmed")})
    db.session.refresh(call)
    assert call.state is CallState.CLOSED


def test_who_noted_a_withdrawal_undoes_it_while_the_call_is_open(lead, leading, programme, browser_for):
    row = some.call(lead, programme)
    application = some.application(lead, row)
    some.eligible(lead, application)
    before = application.state, application.state_reason
    browser, page = browser_for(leading), f"/programmes/ami/calls/1/applications/{application.number}"
    assert "qui note le retrait peut l’annuler" in words_of(browser.visit(f"{page}/withdraw").main)
    browser.submit(f"{page}/withdraw", reason="Une erreur", version=application.version)
    row.state = CallState.CLOSED
    db.session.commit()
    final = "L’appel n’est plus ouvert : ce retrait est définitif."
    assert final in words_of(browser.visit(page).main)
    assert final in words_of(browser.submit(f"{page}/withdraw/undo", version=application.version, expect=409))
    row.state = CallState.OPEN
    db.session.commit()
    other = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    with pytest.raises(Overtaken, match="Seule la personne qui a noté ce retrait"):
        applications.undo_withdrawal(other, some.load(other, application), application.version)
    db.session.rollback()
    button = browser.visit(page).main.find("form", action=f"{page}/withdraw/undo")
    version = button.find("input", {"name": "version"})["value"]
    undone = browser.submit(f"{page}/withdraw/undo", version=version)
    assert undone.main.find(attrs={"aria-labelledby": "withdrawal"}) is None
    db.session.refresh(application)
    assert (application.state, application.state_reason) == before
    some.move(lead, row, CallState.IN_REVIEW)
    assert "ne se reprend pas" in words_of(browser.visit(f"{page}/withdraw").main)
    browser.submit(f"{page}/withdraw", reason="Autre projet", version=application.version)
    assert "Annuler le retrait" not in words_of(browser.visit(page).main)


def test_going_back_to_preparation_asks_and_a_withdrawal_says_why(lead, leading, programme, browser_for):
    row = some.call(lead, programme, checklist="")
    application = some.application(lead, row)
    browser, place = browser_for(leading), "/programmes/ami/calls/1"
    withdrawal = f"{place}/applications/{application.number}"
    browser.submit(f"{withdrawal}/withdraw", reason="Autre projet", version=application.version)
    page = browser.visit(withdrawal).main
    assert "Autre projet" in words_of(page.find(attrs={"aria-labelledby": "withdrawal"}))
    assert "Autre projet" not in words_of(page.find(attrs={"aria-labelledby": "eligibility"}))
    page = browser.submit(f"{place}/state", state="draft", version=row.version)
    assert "Ramener l’appel à la préparation" in words_of(page.h1)
    db.session.refresh(row)
    assert row.state is CallState.OPEN
    page = browser.submit(f"{place}/state", state="draft", version=row.version, confirmed="1")
    assert "L’appel est revenu à la préparation." in words_of(page)
    db.session.refresh(row)
    assert row.state is CallState.DRAFT
    empty = f"/programmes/ami/calls/{some.call(lead, programme, CallState.DRAFT).number}"
    assert "Elles arrivent quand" in words_of(browser.visit(f"{empty}/applications").main)
    opened = some.call(lead, programme)
    some.move(lead, opened, CallState.IN_REVIEW)
    empty = f"/programmes/ami/calls/{opened.number}/applications"
    assert "L’appel n’en reçoit plus." in words_of(browser.visit(empty).main)
