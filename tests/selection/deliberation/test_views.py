"""Pages of decisions: all that lacks at once, what stays undone, what is offered next."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.months import months_after
from portal.selection.calls.models import CallState
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation import commands, queries
from portal.selection.deliberation.commands import ApplicationDecisionFacts
from portal.selection.deliberation.labels import founded_project_message
from portal.selection.deliberation.models import DecisionKind
from tests.support import calls as some
from tests.support.browser import words_of

YES, NO = DecisionKind.LAUREATE, DecisionKind.NOT_SELECTED


def test_a_decision_names_all_reasons_that_it_lacks(lead, leading, decided, browser_for):
    first = some.applications_of(decided)[0]
    loaded = some.load(lead, first)
    keys = [criterion.key for criterion in list_criteria(decided)]
    with pytest.raises(RuleBroken) as refused:
        commands.write_decision(lead, loaded, ApplicationDecisionFacts(NO, {}), 1)
    assert [field for field, _sentence in refused.value.faults] == [f"why_{key}" for key in keys]
    db.session.rollback()
    browser = browser_for(leading)
    path = f"/programmes/ami/calls/{decided.number}/applications/{first.number}/decision"
    browser.open(path)
    page = browser.submit(path, expect=422, version=1)
    assert page.find(class_="error-summary").text.count("Motivez la décision sur ce critère.") == len(keys)
    assert "Décision :" in page.find(class_="error-summary").text  # with the choice itself


def test_closing_a_deliberation_says_what_has_no_decision(lead, leading, decided, browser_for):
    first = some.applications_of(decided)[0]
    db.session.delete(queries.find_decision(some.load(lead, first)))
    decided.state = CallState.IN_REVIEW
    db.session.commit()
    browser, place = browser_for(leading), f"/programmes/ami/calls/{decided.number}"
    page = browser.submit(f"{place}/state", state="deliberated", version=decided.version)
    assert "1 candidature sans décision" in words_of(page.main)
    assert decided.state is CallState.IN_REVIEW
    some.decide(lead, first, YES)
    page = browser.submit(f"{place}/state", state="deliberated", version=decided.version)
    assert decided.state is CallState.DELIBERATED
    assert page.main.find("a", string="Publier les résultats")  # the way from the call's page


def test_closing_a_deliberation_says_whose_scores_did_not_open(leading, under_review, call, browser_for):
    browser, place = browser_for(leading), f"/programmes/ami/calls/{call.number}"
    page = browser.submit(f"{place}/state", state="deliberated", version=call.version)
    assert "1 candidature n’a ni notes ouvertes ni décision" in words_of(page.main)
    assert call.state is CallState.IN_REVIEW


def test_results_are_offered_to_be_published_where_a_decision_is_not(lead, leading, decided, browser_for):
    browser, place = browser_for(leading), f"/programmes/ami/calls/{decided.number}"
    first = some.applications_of(decided)[0]
    db.session.delete(queries.find_decision(some.load(lead, first)))
    db.session.commit()
    some.publish(lead, decided)
    for path in (place, f"{place}/deliberation"):
        assert "Publier les résultats" not in words_of(browser.visit(path).main)
    some.decide(lead, first, YES)
    for path in (place, f"{place}/deliberation"):
        assert "Publier les résultats" in words_of(browser.visit(path).main)


def test_a_laureate_that_names_nobody_is_not_said_to_have_its_team_invited(
    lead, leading, programme, people, browser_for
):
    decided = some.decided(lead, programme, people, [YES, YES])
    some.publish(lead, decided)
    browser, path = browser_for(leading), f"/programmes/ami/calls/{decided.number}/applications/1"
    assert "Elle ne donne l’adresse de personne : vous inviterez son équipe" in words_of(browser.visit(path))
    today = clock.today()
    programme.starts_on = months_after(today + timedelta(days=20), -programme.months)  # in its last month
    decided.places = 1
    db.session.commit()
    appeal = some.examined(lead, some.applications_of(decided)[0])  # of a laureate: none is added
    db.session.commit()
    page = browser.visit(f"{path}/appeals/{appeal.number}/close")
    assert "L’appel offre 1 place et compte 2 lauréates" in words_of(page)
    page = browser.visit(f"{path}/project")
    days = {name: page.find("input", {"name": name})["value"] for name in ("starts_on", "ends_on")}
    last = months_after(today, programme.months) - timedelta(days=1)
    assert days == {"starts_on": today.isoformat(), "ends_on": last.isoformat()}
    for words in ("cette équipe finirait après lui", "L’appel offre 1 place et compte 2 lauréates"):
        assert words in words_of(page)
    typed = {**days, "ends_on": (today + timedelta(days=9)).isoformat(), "acronym": ""}
    refused = browser.open(
        f"{path}/project", method="POST", data={**typed, "form_key": "r", "acronym": "A" * 99}
    )
    assert "l’équipe est accompagnée 10 jours" in refused.text.replace("\xa0", " ")
    far = browser.open(
        f"{path}/project", method="POST", data={**days, "ends_on": "9999-12-31", "form_key": "r"}
    )
    assert far.status_code == 422
    founding = {"acronym": "Essai", "form_key": "k", **days}
    page = words_of(browser.submit(f"{path}/project", **founding))
    assert "Personne n’est invité : invitez son équipe" in page
    assert "son équipe est invitée" not in page
    assert "/projects/" in browser.open(f"{path}/project", method="POST", data=founding).headers["Location"]
    old = browser.visit(f"{path}/project", expect=409)  # a link of before
    assert old.main.find("a", href=path)


def test_a_new_project_whose_team_is_invited_in_part_says_so(app):
    with app.test_request_context():
        assert "son équipe est invitée" in founded_project_message(2, 0)
        assert "une partie de son équipe est invitée" in founded_project_message(1, 4)
