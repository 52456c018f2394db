"""What the pages say of appeals: when they came, what may be done, what became of the decision."""

from datetime import timedelta

import pytest
from flask import current_app

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import format_day
from portal.selection.applications.models import ApplicationState
from portal.selection.deliberation import appeal_commands, labels, queries
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.appeal_rules import list_appeal_limits
from portal.selection.deliberation.models import AppealState, DecisionKind
from tests.support import api
from tests.support import calls as some
from tests.support.browser import words_of


def close(lead, row, appeal, state, new=None):
    reply = AppealAnswer(state, "Motivé.", new)
    appeal_commands.close_appeal(lead, some.load(lead, row), appeal, reply, appeal.version)
    db.session.commit()


def test_an_appeal_is_noted_examined_and_told_on_every_page(lead, leading, people, decided, browser_for):
    some.publish(lead, decided)
    row, browser, juror = some.applications_of(decided)[2], browser_for(leading), browser_for(people[0])
    call_page = f"/programmes/ami/calls/{decided.number}"
    place = f"{call_page}/applications/{row.number}"
    publication = queries.find_publication_of_decision(queries.find_decision(some.load(lead, row)))
    limit = format_day(publication.appeal_until)
    assert f"Le délai de recours va jusqu’au {limit}." in words_of(browser.visit(f"{place}/appeals/new").main)
    early = publication.published_on - timedelta(days=1)
    page = browser.submit(
        f"{place}/appeals/new", received_on=early.isoformat(), grounds="g", form_key="a", expect=422
    )
    assert f"la publication, le {format_day(publication.published_on)}, et" in words_of(page.main)
    appeal = some.appeal(lead, row)
    assert "Noter un recours" not in words_of(browser.visit(place).main)
    browser.visit(f"{place}/appeals/new", expect=403)
    assert "1 recours à traiter" in words_of(browser.visit(call_page).main)
    assert "recours à traiter" in words_of(browser.visit(f"{call_page}/deliberation").main)
    assert f"{row.organisation}, candidature {row.number}" in words_of(browser.visit("/to-decide").main)
    # Before the examination it can be withdrawn alone.
    form = browser.visit(f"{place}/appeals/1/close").main
    assert [each["value"] for each in form.select("input[type=radio]")] == ["withdrawn"]
    refused = {"state": "granted", "new_outcome": "laureate", "answer": "a", "version": appeal.version}
    browser.submit(f"{place}/appeals/1/close", **refused, expect=422)
    loaded = some.load(lead, row)
    appeal_commands.examine_appeal(lead, loaded, appeal, "Fondé.", appeal.version)
    db.session.commit()
    with pytest.raises(RuleBroken):  # a rejected one changes nothing
        close(lead, row, appeal, AppealState.REJECTED, DecisionKind.LAUREATE)
    db.session.rollback()
    close(lead, row, appeal, AppealState.GRANTED, DecisionKind.LAUREATE)
    shown = "Lauréate par un recours, d’abord « Non retenue »"
    assert shown in words_of(browser.visit(place).main).replace("\xa0", " ")
    assert shown in words_of(juror.visit(place).main).replace("\xa0", " ")
    deliberation = words_of(browser.visit(f"{call_page}/deliberation").main).replace("\xa0", " ")
    assert "par un recours, d’abord « Non retenue »" in deliberation
    assert "recours à traiter" not in deliberation
    agenda = api.client(current_app, leading).get(f"{call_page}/agenda").get_json()["data"]
    assert [each["outcome"] for each in agenda if each["number"] == row.number] == ["laureate"]


def test_an_appeal_after_its_time_limit_says_so(lead, leading, decided, statements):
    some.publish(lead, decided)
    row = some.applications_of(decided)[2]
    publication = queries.find_publication_of_decision(queries.find_decision(some.load(lead, row)))
    with clock.frozen_at(clock.now() + timedelta(days=224)):
        late = some.examined(lead, row)
        close(lead, row, late, AppealState.REJECTED)
        again = some.appeal(lead, row)
    limits = list_appeal_limits(publication, [late, again])
    assert limits[0] == publication.appeal_until
    assert limits[1] == limits[2] == late.closed_on + (limits[0] - publication.published_on)
    appeals = f"/programmes/ami/calls/{decided.number}/applications/{row.number}/appeals"
    client, days = api.client(current_app, leading), [limit.isoformat() for limit in limits]
    statements.clear()
    listed = client.get(appeals).get_json()["data"]
    assert sum("FROM application_appeal" in each for each in statements) == 2  # however many there are
    assert [(each["until"], each["is_late"]) for each in listed] == [(days[0], True), (days[1], False)]
    assert client.get(f"{appeals}/1").get_json()["is_late"]
    day = format_day(limits[0])
    assert labels.late_appeal_sentence(late, limits[0]) == f"Reçu après le délai, qui allait jusqu’au {day}."
    assert not labels.late_appeal_sentence(again, limits[1])
    assert "est passé" in labels.appeal_limit_sentence(limits[0], late.received_on)


def test_the_two_words_for_an_application_that_is_not_eligible_are_explained():
    no, state = DecisionKind.NOT_SELECTED, ApplicationState
    assert labels.outcome_note(no, state.NOT_ELIGIBLE) == "non éligible"
    assert labels.current_outcome(no, state.NOT_ELIGIBLE) is no
    assert not labels.outcome_note(no, state.NOT_SELECTED)
    assert not labels.outcome_note(no, state.SCORED)
