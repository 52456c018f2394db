"""Pages of decisions, for a team, its leads and an operator."""

import pytest

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.to_decide_queries import clear_waiting_cache
from tests.support import decisions as some
from tests.support import factories as make
from tests.support.browser import words_of

D = "/projects/heron/decisions"
QUESTION = {"question": "Ouvrir le **réseau** ?", "why": "Vingt sources.", "addressee": "lead"}
YES = {"outcome": "granted", "answer": "Oui, dès lundi."}


@pytest.fixture
def direction(browser_for, project):
    return browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))


def test_a_team_asks_a_lead_answers_the_team_reads(browser, direction):
    assert "Aucune décision n’est attendue" in words_of(browser.visit(D).main)
    key = new_id().hex
    for _twice in range(2):
        page = browser.submit(f"{D}/new", **QUESTION, gate="2", form_key=key)
    assert "Personne ne s’en est encore chargé" in words_of(page.main)
    assert "Jalon G2" in words_of(page.main)
    page = direction.submit(f"{D}/1/take", version="1")
    assert "s’en charge" in words_of(page.main)
    page = direction.submit(f"{D}/1/answer", **YES, version="2")
    assert "Accordée" in words_of(page.main)
    assert "À l’équipe de la lire" in words_of(page.main)
    assert "1 réponse à lire" in words_of(browser.visit("/projects/heron").main)
    page = browser.submit(f"{D}/1/seen", version="3")
    assert "L’équipe a lu la réponse" in words_of(page.main)
    told = words_of(browser.visit(f"{D}/1/history").main)
    for deed in ("demandée", "confiée", "accordée"):
        assert f"Décision {deed}" in told
    assert "Réponse lue par l’équipe" in told
    assert db.session.query(AwaitedDecision).count() == 1


def test_a_decision_is_given_to_somebody_else_alone(browser_for, project, person):
    first = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    some.decision(project, person)
    page = browser_for(first).visit(f"{D}/1")
    assert not page.find("a", href=f"{D}/1/assign")
    assert "Personne d’autre que vous ne peut y répondre" in words_of(page.main)
    make.role(project.programme_id, Role.PROGRAMME_LEAD)
    page = browser_for(first).visit(f"{D}/1")
    assert page.find("a", href=f"{D}/1/assign")
    assert "Personne d’autre que vous" not in words_of(page.main)


def test_after_an_answer_the_next_thing_to_decide_is_one_click_away(direction, browser, project, person):
    some.decision(project, person, question="La première ?")
    some.decision(project, person, question="La seconde ?")
    clear_waiting_cache()
    assert "À décider ensuite" not in words_of(direction.visit(f"{D}/1").main)
    page = direction.submit(f"{D}/1/answer", **YES, version="1")
    link = page.main.find("a", href=f"{D}/2")
    assert "À décider ensuite" in words_of(link)
    assert "La seconde ?" in words_of(link)
    assert "À décider ensuite" not in words_of(browser.visit(f"{D}/1").main)
    direction.submit(f"{D}/2/answer", **YES, version="1")
    assert "À décider ensuite" not in words_of(direction.visit(f"{D}/2").main)


def test_both_texts_come_back_when_another_lead_answered_first(direction, project, person):
    some.decision(project, person)
    direction.submit(f"{D}/1/answer", **YES, version="1")
    no = {"outcome": "refused", "answer": "Non, pas cet été."}
    page = direction.submit(f"{D}/1/answer", expect=409, **no, version="1")
    for text in ("Oui, dès lundi.", "Non, pas cet été."):
        assert text in words_of(page.main)


def test_what_was_typed_stays_when_the_team_withdrew_meanwhile(browser, direction, project, person):
    some.decision(project, person)
    browser.submit(f"{D}/1/withdraw", version="1", withdraw_reason="Réglé.")
    page = direction.submit(f"{D}/1/answer", expect=409, **YES, version="1")
    assert "Réglé." in words_of(page.main)
    assert "Oui, dès lundi." in page.select_one("textarea").text


def test_both_questions_come_back_when_the_team_changed_its_own(direction, project, person):
    row = some.decision(project, person)
    asked = direction.visit(f"{D}/1/answer").select_one("[name=question]")["value"]
    assert asked == row.question
    row.question, row.version = "Fermer le réseau ?", 2
    db.session.commit()
    page = direction.submit(f"{D}/1/answer", expect=409, **YES, version="1", question=asked)
    assert "Ouvrir le réseau ?" in words_of(page.main)
    assert "Fermer le réseau ?" in words_of(page.main)
    assert "Oui, dès lundi." in page.select_one("textarea").text


def test_an_answer_must_say_something(direction, project, person):
    some.decision(project, person)
    page = direction.submit(f"{D}/1/answer", expect=422, outcome="granted", answer=" ", version="1")
    assert "telle que l’équipe la lira" in words_of(page.main)


def test_an_operator_who_is_asked_reads_the_question_and_not_the_project(browser_for, project, person):
    some.decision(project, person, addressee=DecisionAddressee.OPERATOR)
    operator = browser_for(make.role(project.programme_id, Role.OPERATOR))
    page = operator.visit(f"{D}/1")
    assert "Ouvrir le réseau" in words_of(page.main)
    assert not page.select("#discussion, .thread")
    operator.submit(f"{D}/1/answer", **YES, version="1")
    assert operator.open(D).status_code == 404


def test_a_list_sends_the_same_statements_whatever_it_lists(browser, project, person, statements):
    some.decision(project, person)
    browser.visit(D)
    del statements[:]
    browser.visit(D)
    few = len(statements)
    for _number in range(15):
        some.decision(project, person)
    del statements[:]
    browser.visit(D)
    assert len(statements) == few


def test_get_writes_nothing(browser, direction, project, person):
    row = some.answered(project, person)
    direction.visit(f"{D}/1")
    browser.visit(f"{D}/1")
    db.session.refresh(row)
    assert row.seen_at is None


def test_an_answer_that_the_team_read_is_not_corrected_and_the_page_says_so(
    browser, direction, project, person
):
    some.decision(project, person)
    direction.submit(f"{D}/1/answer", **YES, version="1")
    browser.submit(f"{D}/1/seen", version="2")
    no = {"outcome": "refused", "answer": "Non, pas cet été."}
    page = direction.submit(f"{D}/1/answer", expect=409, **no, version="2")
    words = words_of(page.main)
    assert "L’équipe a lu la réponse, qui ne peut plus changer" in words
    assert "entre-temps" not in words
    for text in ("Oui, dès lundi.", "Non, pas cet été."):
        assert text in words


@pytest.mark.parametrize("step", ["edit", "withdraw"])
def test_no_form_opens_for_a_question_that_no_longer_waits(browser, project, person, step):
    some.answered(project, person)
    some.decision(project, person)
    browser.submit(f"{D}/2/withdraw", version="1", withdraw_reason="Réglé.")
    for number, reason in ((1, "a reçu une réponse"), (2, "n’est plus attendue")):
        page = browser.open(f"{D}/{number}/{step}")
        assert page.status_code == 403
        assert f"Cette demande {reason}" in page.text
        assert f"{D}/{number}" in page.text
        assert "<textarea" not in page.text
