"""Calls: their states, criteria, public page; applications typed in, judged, listed, exported."""

import csv
import io
import json
from dataclasses import asdict, replace

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken, TooLate
from portal.selection.applications import commands as applications
from portal.selection.applications.commands import ApplicationFacts
from portal.selection.applications.list_queries import (
    ApplicationFilters,
    EligibilityFilter,
    list_applications,
)
from portal.selection.applications.models import ApplicationState
from portal.selection.calls import commands, queries
from portal.selection.calls.commands import CriterionFacts
from portal.selection.calls.models import CallState, TieRule
from portal.selection.calls.rules import read_new_call_defaults
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of


def criterion_facts(criterion, **given):
    names = ("name_fr", "name_en", "weight", "minimum_tenths", "levels_fr", "levels_en")
    return CriterionFacts(**{name: getattr(criterion, name) for name in names} | given)


def test_the_usual_criteria_are_whole():
    entries = read_new_call_defaults()["criteria"]
    assert sum(entry["weight"] for entry in entries) == 100
    assert {len(entry[f"levels_{language}"]) for entry in entries for language in ("fr", "en")} == {6}


def test_a_call_opens_with_weights_of_a_hundred_and_goes_to_the_jury_with_a_tie_rule(lead, programme):
    call = some.call(lead, programme, CallState.DRAFT, tie_rule=None)
    criterion = queries.get_criterion(call, "team")
    commands.change_criterion(lead, call, criterion, criterion_facts(criterion, weight=19), call.version)
    db.session.commit()
    with pytest.raises(RuleBroken):
        commands.move_call_to_state(lead, call, CallState.OPEN, call.version)
    db.session.rollback()
    commands.change_criterion(lead, call, criterion, criterion_facts(criterion, weight=20), call.version)
    db.session.commit()
    some.move(lead, call, CallState.CLOSED)
    with pytest.raises(RuleBroken):
        commands.move_call_to_state(lead, call, CallState.IN_REVIEW, call.version)
    with pytest.raises(RuleBroken):  # not by a leap
        commands.move_call_to_state(lead, call, CallState.DELIBERATED, call.version)


def test_a_call_shows_every_text_that_was_written(lead, leading, programme, browser_for):
    texts = {
        "purpose_fr": "Essayer.",
        "purpose_en": "Try it.",
        "support_fr": "Un coach.",
        "apply_url": "https://depot.example/appel",
        "appeal_terms": "Deux mois.",
    }
    some.call(lead, programme, CallState.DRAFT, support_en="", **texts)
    page = browser_for(leading).visit("/programmes/ami/calls/1")
    shown = words_of(page.main)
    assert all(text in shown for text in texts.values())
    assert shown.count("Pas encore écrit.") == 1


def test_what_jurors_rely_on_is_fixed_once_they_may_score(lead, call):
    some.move(lead, call, CallState.IN_REVIEW)
    for change in ({"tie_rule": TieRule.ALL}, {"scores_needed": 1}, {"places": 9}, {"checklist": "x"}):
        with pytest.raises(RuleBroken) as refused:
            commands.change_call(lead, call, some.facts(**change), call.version)
        assert refused.value.field == next(iter(change))
        db.session.rollback()
    criterion = queries.get_criterion(call, "team")
    with pytest.raises(TooLate):
        commands.change_criterion(lead, call, criterion, criterion_facts(criterion), call.version)
    with pytest.raises(TooLate):
        some.application(lead, call)


def test_two_leads_who_change_criteria_are_told_of_each_other(lead, call):
    criteria = {criterion.key: criterion for criterion in queries.list_criteria(call)}
    version = call.version
    facts = criterion_facts(criteria["team"], weight=21)
    commands.change_criterion(lead, call, criteria["team"], facts, version)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.change_criterion(lead, call, criteria["data"], criterion_facts(criteria["data"]), version)


def test_only_leads_of_the_programme_plan(app, programme):
    for person in (make.role(programme.id, Role.JUROR), make.role(make.programme().id, Role.PROGRAMME_LEAD)):
        with pytest.raises(NotAllowed):
            commands.plan_call(make.actor(person), programme, some.facts())


def test_the_public_page_is_opted_in_and_names_laureates_when_published(lead, call, programme, browser_for):
    stranger = browser_for(None)
    assert stranger.open("/calls/ami/1/fr").status_code == 404
    commands.publish_call_page(lead, call, call.version)
    db.session.commit()
    page = words_of(stranger.visit("/calls/ami/1/en"))
    assert "Try artificial intelligence." in page
    assert "30% of the total" in page
    commands.hide_call_page(lead, call, call.version)
    db.session.commit()
    assert stranger.open("/calls/ami/1/fr").status_code == 404
    with pytest.raises(RuleBroken):
        commands.publish_call_page(lead, some.call(lead, programme, title_en=""), 2)


def test_an_application_is_typed_in_changed_and_judged(lead, call):
    with pytest.raises(RuleBroken) as refused:
        some.application(lead, call, company_number="123")
    assert refused.value.field == "company_number"
    db.session.rollback()
    row = some.application(lead, call, company_number="123 456 789")
    assert (row.number, row.company_number) == (1, "123456789")
    loaded = some.load(lead, row)
    facts = ApplicationFacts(organisation="Autre", title="T", received_on=clock.today())
    applications.change_application(lead, loaded, facts, row.version)
    db.session.commit()
    with pytest.raises(Conflict):
        applications.change_application(lead, loaded, facts, row.version - 1)
    db.session.rollback()
    for met, verdict in (({0}, True), ({0, 1}, False)):
        with pytest.raises(RuleBroken):
            applications.judge_eligibility(lead, loaded, met, "", is_eligible=verdict, version=row.version)
        db.session.rollback()
    applications.judge_eligibility(lead, loaded, {0}, "Admis.", is_eligible=True, version=row.version)
    db.session.commit()
    assert (row.state, row.conditions_met) == (ApplicationState.ELIGIBLE, [0])
    some.move(lead, call, CallState.IN_REVIEW)
    with pytest.raises(TooLate):
        applications.change_application(lead, some.load(lead, row), replace(facts, title="U"), row.version)
    applications.withdraw_application(lead, some.load(lead, row), "Ils renoncent.", row.version)
    with pytest.raises(TooLate):
        applications.withdraw_application(lead, some.load(lead, row), "Encore.", row.version)


def test_the_list_is_filtered_and_exported_by_one_policy(lead, leading, call, jurors, browser_for):
    rows = [some.application(lead, call, organisation=f"Été {n}", title="=1+1") for n in range(3)]
    for row in rows[:2]:
        some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    for row in rows[:2]:
        some.assign(lead, row, *jurors[:2])
    for person, value in zip(jurors, (0, 4), strict=False):
        some.judge(person, rows[0], value)
    some.declare(jurors[0], rows[1], conflict=True)

    def numbers(**filters):
        return [line.number for line in list_applications(lead, call, ApplicationFilters(**filters), 1).rows]

    assert numbers() == [1, 2, 3]
    assert numbers(q="ete 1") == [2]
    assert numbers(q="%") == []
    assert numbers(state=ApplicationState.RECEIVED) == [3]
    assert numbers(eligibility=EligibilityFilter.TO_JUDGE) == [3]
    assert 3 not in numbers(eligibility=EligibilityFilter.ELIGIBLE)
    assert numbers(eligibility=EligibilityFilter.ELIGIBLE)
    assert numbers(eligibility=EligibilityFilter.NOT_ELIGIBLE) == []
    assert numbers(dispersed=True) == [1]
    assert numbers(below=False, juror=jurors[1].id) == [1, 2]
    assert numbers(juror=jurors[0].id) == [1]
    assert numbers(conflict=True) == [2]
    browser, place = browser_for(leading), "/programmes/ami/calls/1/applications"
    answer = browser.open(f"{place}/export.csv?state=scored", method="POST")
    [names, line] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert line[names.index("Titre")] == "'=1+1"
    assert line[names.index("Total")] == "40,00"
    assert len(line[names.index("Jurés")].split(", ")) == 2
    answer = browser.open(f"{place}/export.json", method="POST")
    assert [each["number"] for each in json.loads(answer.data)["applications"]] == [1, 2, 3]
    assert browser.open(f"{place}/export.xlsx", method="POST").data[:2] == b"PK"


def test_every_page_of_a_call_is_read_and_its_forms_are_sent(leading, programme, browser_for):
    """The life of a call by its pages alone."""
    browser = browser_for(leading)
    facts = {name: value for name, value in asdict(some.facts()).items() if value is not None}
    browser.submit("/programmes/ami/calls/new", **facts)
    place = "/programmes/ami/calls/1"
    page = browser.visit(place)
    assert "Bénéfices internes et externes" in words_of(page)
    browser.submit(f"{place}/state", state="open", version=1, confirmed="1")
    typed = {"organisation": "Musée", "title": "Lire", "received_on": clock.today(), "members": "Ada"}
    page = browser.submit(f"{place}/applications/new", **typed)
    assert "Lire" in words_of(page)
    page = browser.submit(
        f"{place}/applications/1/eligibility", verdict="yes", reason="", conditions="0", version=1, expect=422
    )
    assert "Une condition n’est pas remplie" in words_of(page)
    browser.submit(f"{place}/applications/1/messages", body="Bonjour le jury.")
    assert "Bonjour le jury." in words_of(browser.visit(f"{place}/applications/1"))
    for path in ("/jury", "/ranking", "/deliberation", "/applications", "/jury/members/new"):
        browser.visit(f"{place}{path}")


def test_the_form_of_a_call_asks_first_for_what_it_needs(leading, programme, browser_for):
    browser = browser_for(leading)
    page = browser.visit("/programmes/ami/calls/new")
    assert [each["name"] for each in page.select("main [autofocus]")] == ["title_fr"]
    rest = page.select_one("#form details.fold")
    assert not rest.has_attr("open")
    inside = {tag["name"] for tag in rest.select("[name]")}
    names = {tag["name"] for tag in page.select("#form :is(input, select, textarea)[name]")}
    shown = names - inside - {"csrf_token", "form_key"}
    assert shown == {"title_fr", "title_en", "opens_on", "closes_on", "results_on", "places"}
    assert "Une adresse web, qui commence par https://" in words_of(page.select_one("label[for=apply_url]"))
    days = {"opens_on": "2026-03-02", "closes_on": "2026-04-02"}
    wrong = browser.submit(
        "/programmes/ami/calls/new", expect=422, title_fr="Un", **days, places="6", apply_url="ici"
    )
    assert wrong.select_one("#form details.fold").has_attr("open")
    opened = browser.visit("/programmes/ami/calls/new?field=apply_url")
    assert opened.select_one("#form details.fold").has_attr("open")


def test_wrong_weights_are_said_to_hold_back_what_comes_next(leading, call, browser_for):
    queries.list_criteria(call)[0].weight += 20
    db.session.commit()
    browser, path = browser_for(leading), f"/programmes/ami/calls/{call.number}"
    assert call.state is CallState.OPEN
    page = words_of(browser.visit(path))
    assert "Les poids font 120 : il faut 100 pour confier l’examen au jury." in page
    call.state = CallState.DRAFT
    assert "il faut 100 pour ouvrir l’appel." in words_of(browser.visit(path))


def test_the_person_comes_first_where_a_jury_is_completed(leading, call, browser_for):
    page = browser_for(leading).visit(f"/programmes/ami/calls/{call.number}/jury/members/new")
    names = [field["name"] for field in page.select("select[name], input[name]")]
    assert names.index("person") < names.index("employer")


def test_a_public_page_that_lacks_texts_leads_to_them(leading, call, browser_for):
    call.title_en = call.purpose_en = ""
    call.purpose_fr = "Essayer l’IA."
    db.session.commit()
    browser, path = browser_for(leading), f"/programmes/ami/calls/{call.number}"
    page = browser.visit(path)
    links = [link["href"] for link in page.main.select("a[href]") if "/edit#" in link["href"]]
    assert links == [f"{path}/edit#title_en", f"{path}/edit#purpose_en"]
    assert "Rendre la page publique" not in words_of(page.main)
    assert {"title_en", "purpose_en"} <= {
        field["id"] for field in browser.visit(f"{path}/edit").select("[id]")
    }
    call.state = CallState.PUBLISHED
    db.session.commit()
    assert "ne s’écrivent plus" in words_of(browser.visit(path).main)
    call.title_en = call.purpose_en = "Try AI."
    db.session.commit()
    assert "Rendre la page publique" in words_of(browser.visit(path).main)


def test_a_later_call_hides_none_that_is_still_at_work_on_the_page_of_its_programme(
    browser_for, lead, leading, programme
):
    some.call(lead, programme, CallState.IN_REVIEW)
    some.call(lead, programme, CallState.DRAFT)
    buttons = browser_for(leading).visit("/programmes/ami").select(".page-head a.fr-btn")
    assert words_of(buttons[-1]) == "Appels : en préparation, examiné par le jury"


def test_two_calls_of_one_state_are_named_in_the_plural(browser_for, lead, leading, programme):
    for _call in range(2):
        some.call(lead, programme, CallState.OPEN)
    button = browser_for(leading).visit("/programmes/ami").select(".page-head a.fr-btn")[-1]
    assert words_of(button) == "Appels : ouvert"
    assert button["href"] == "/programmes/ami/calls"
