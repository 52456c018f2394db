"""The page of a session: one form without JavaScript, a part at a time with it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.user_tests.rounds.queries import list_tasks
from portal.user_tests.rounds.session_labels import scale_wording
from portal.user_tests.rounds.session_models import (
    ParticipantCodeRegister,
    ScaleAnswer,
    TaskOutcome,
    TaskResult,
    TestSession,
)
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.user_tests.rounds.conftest import P, S, result, said, typed


def test_the_portal_gives_the_code_and_asks_for_consent_first(browser, project, round_):
    tests.propose_consent(project, round_, "en")
    form = browser.visit(browser.visit(f"{P}/1").find("a", string="Nouvelle séance")["href"])
    assert form.select_one("[name=group]")
    proposed = "Le consentement en anglais est encore le texte proposé : relisez-le avant le premier accord"
    for path in (f"{P}/1", f"{P}/1/sessions/new"):
        page = browser.visit(path)
        assert proposed in said(page)
        assert page.find("a", href=f"{P}/1/consent/en/edit", string="Relire le consentement en anglais")
    page = browser.submit(f"{P}/1/sessions/new", group="1", form_key="k1")
    assert words_of(page.h1) == "Séance P1"
    assert "Écrivez le code P1 sur la feuille" in said(page)
    assert proposed in said(page)
    assert page.find("form", id="session") is None
    page = browser.submit(f"{S}/consent", consent_on=clock.today().isoformat(), form_key="k2")
    assert page.find("form", id="session") is not None
    assert "texte proposé" not in said(browser.visit(f"{P}/1/sessions/new"))  # it is frozen now
    made = db.session.scalars(select(TestSession)).one()
    assert (made.consent_on, made.code) == (clock.today(), "P1")


def test_a_form_sent_twice_gives_one_code(browser, round_, app):
    for _time in range(2):
        browser.submit(f"{P}/1/sessions/new", group="1", form_key="same")
    assert len(db.session.scalars(select(TestSession)).all()) == 1
    assert db.session.scalars(select(ParticipantCodeRegister.last_participant)).all() == [1]


def test_consent_of_tomorrow_or_of_another_year_is_refused_and_nothing_begins(browser, round_, person):
    tests.session(round_, person, consent_on=None, started_at=None, ended_at=None)
    tomorrow = clock.today() + timedelta(days=1)
    for day, why in ((tomorrow, "à venir"), (date(2016, 3, 12), "il n’y avait rien à essayer")):
        page = browser.submit(f"{S}/consent", consent_on=day.isoformat(), form_key="k", expect=422)
        assert why in said(page)
    assert db.session.scalars(select(TestSession.started_at)).one() is None


def test_this_morning_in_noumea_has_come_while_paris_is_in_the_evening_before(browser, round_, person):
    tests.session(round_, person, consent_on=None, started_at=None, ended_at=None)
    person.time_zone = "Pacific/Noumea"
    db.session.commit()
    with clock.frozen_at(datetime(2026, 11, 25, 20, 30, tzinfo=UTC)):
        assert browser.visit(S).find(id="consent_on")["value"] == "2026-11-26"
        browser.submit(f"{S}/consent", consent_on="2026-11-27", form_key="k", expect=422)
        browser.submit(f"{S}/consent", consent_on="2026-11-26", form_key="k")


def test_nothing_is_typed_before_consent(browser, round_, person):
    tests.session(round_, person, consent_on=None, started_at=None, ended_at=None)
    browser.submit(S, **{"t1-outcome": "success", "t1-was": "x"}, expect=403)
    assert db.session.scalars(select(TaskResult)).all() == []


def test_one_form_keeps_all_that_was_typed_without_a_script(browser, begun):
    sent = typed(browser.visit(S))
    sent |= {
        "t1-outcome": "helped",
        "t1-seconds": "1:23",
        "t1-ease": "5",
        "t1-slips": "2",
        "t1-notes": "Cherche la légende.",
        "t2-outcome": "not_tried",
        "a1-value": "4",
        "s-notes": "Calme.",
    }
    page = browser.submit(S, **sent)
    assert "Enregistré." in said(page)
    db.session.expire_all()
    first, second = result(1), result(2)
    assert (first.outcome, first.seconds, first.ease, first.errors) == (TaskOutcome.HELPED, 83, 5, 2)
    assert first.notes == "Cherche la légende."
    assert second.outcome is TaskOutcome.NOT_TRIED
    assert db.session.scalars(select(ScaleAnswer.value)).all() == [4]
    assert typed(browser.visit(S))["t1-notes"] == "Cherche la légende."


def test_a_script_saves_a_part_and_gets_that_part_back(browser, begun):
    sent = typed(browser.visit(S)) | {"only": "t2", "t2-outcome": "failed", "t1-outcome": "success"}
    page = browser.with_htmx().submit(S, **sent)
    assert page.find(attrs={"data-part": "t2"})
    assert not page.find(attrs={"data-part": "t1"})
    rows = db.session.scalars(select(TaskResult)).all()
    assert [row.outcome for row in rows] == [TaskOutcome.FAILED]


def test_what_is_wrong_comes_back_and_the_rest_is_kept(browser, begun):
    read = typed(browser.visit(S))
    page = browser.submit(S, **read | {"t1-seconds": "vite", "t1-ease": "4"})
    assert "Écrivez des secondes" in said(page)
    assert page.find(id="t1-seconds")["value"] == "vite"
    db.session.expire_all()
    assert (result().seconds, result().ease) == (None, 4)
    browser.submit(S, **read | {"t2-slips": "-1"}, expect=422)


def test_a_way_to_reach_somebody_is_asked_about_before_it_is_kept(browser, begun):
    read = typed(browser.visit(S)) | {"t1-notes": "Écrire à marie@demo.example", "t1-ease": "4"}
    page = browser.submit(S, **read)
    assert "marie@demo.example" in said(page)
    db.session.expire_all()
    assert (result().notes, result().ease) == ("", 4)
    assert page.find(attrs={"name": "t1-sure"})
    browser.submit(S, **read | {"t1-sure": "y"})
    db.session.expire_all()
    assert result().notes == "Écrire à marie@demo.example"


def test_a_stopwatch_survives_a_reload_and_another_observer_sees_it(browser, browser_for, begun, project):
    noon = clock.now()
    with clock.frozen_at(noon):
        browser.submit(S, **typed(browser.visit(S)) | {"deed": "start-1"})
    colleague = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    with clock.frozen_at(noon + timedelta(seconds=75)):
        page = colleague.visit(S)
        assert page.select_one("[data-clock]")["data-clock"] == "75"
        assert words_of(page.select_one("[data-clock]")) == "1:15"
    with clock.frozen_at(noon + timedelta(seconds=80)):
        colleague.submit(S, **typed(page) | {"deed": "start-1"})  # already running
        colleague.submit(S, **typed(page) | {"deed": "stop-1"})
        colleague.submit(S, **typed(page) | {"deed": "stop-1"})  # already stopped
    db.session.expire_all()
    assert (result().seconds, result().running_since) == (80, None)
    with clock.frozen_at(noon + timedelta(seconds=100)):
        browser.submit(S, **typed(browser.visit(S)) | {"deed": "start-1"})
    with clock.frozen_at(noon + timedelta(seconds=120)):
        page = browser.submit(f"{S}/end", form_key="k")
        assert "tâches sans résultat" in words_of(page.main)
        assert db.session.scalars(select(TestSession.ended_at)).one() is None
        page = browser.submit(f"{S}/end", form_key="k", confirmed="1")
        assert words_of(page.h1).startswith("Série 1")
    db.session.expire_all()
    assert result().seconds == 100
    assert db.session.scalars(select(TestSession.ended_at)).one() is not None


def test_ending_saves_what_is_typed_and_gives_back_what_is_refused(browser, begun):
    page = browser.visit(S)
    button = page.find("button", string="Terminer la séance")
    bar = button.find_parent(class_="sticky")  # in sight on a phone, however long the page
    stops = [link["href"] for link in bar.select("nav a")]
    assert stops[0] == "#t1"
    assert all(page.select_one(stop) for stop in stops)
    assert (button["form"], button["formaction"]) == ("session", f"{S}/end")
    sent = typed(page) | {"t1-notes": "Rappeler au 06 12 34 56 78", "t2-notes": "Cherche la légende"}
    page = browser.submit(button["formaction"], **sent)
    assert "Une réponse est à corriger, le reste est enregistré" in said(page)
    assert typed(page)["t1-notes"] == "Rappeler au 06 12 34 56 78"
    assert page.find("form", id="session")["action"] == S
    assert db.session.scalars(select(TestSession.ended_at)).one() is None
    page = browser.submit(button["formaction"], **typed(page) | {"t1-notes": "Hésite"})
    assert "tâches sans résultat" in said(page)
    browser.submit(button["formaction"], confirmed="1")
    db.session.expire_all()
    notes = db.session.scalars(select(TaskResult.notes)).all()
    assert sorted(notes) == ["Cherche la légende", "Hésite"]
    assert db.session.scalars(select(TestSession.ended_at)).one() is not None


def test_one_more_error_is_counted_at_once(browser, begun):
    for _time in range(2):
        browser.submit(S, **typed(browser.visit(S)) | {"deed": "error-2"})
    db.session.expire_all()
    assert result().errors == 2


@pytest.mark.parametrize("deed", ["start-99", "stop-x", "fly-1", "start-1-2", "", "-", "start-²"])
def test_a_deed_that_is_none_does_nothing(browser, begun, deed):
    sent = typed(browser.visit(S)) | {"deed": deed}
    browser.submit(S, **sent, expect=404 if deed == "start-99" else 200)
    assert db.session.scalars(select(TaskResult.running_since)).all() == []


def test_who_reads_the_project_reads_a_session_and_types_nothing(browser_for, project, round_, person):
    held = tests.session(round_, person)
    tests.result(held, tests.task(round_, 3), notes="Cherche longtemps.")
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.visit(S)
    assert "Cherche longtemps." in said(page)
    assert page.find("form", id="session") is None
    coach.submit(S, **{"s-notes": "x"}, expect=403)


def test_a_round_that_is_over_begins_no_session(browser, round_):
    round_.ended_on = clock.today()
    db.session.commit()
    page = browser.visit(f"{P}/1/sessions/new", expect=403)
    assert "Cette série est terminée" in said(page)
    assert browser.visit(f"{P}/1").find("a", string="Nouvelle séance") is None


def test_a_session_page_costs_the_same_with_one_task_or_twenty(browser, begun, round_, statements):
    browser.visit(S)
    statements.clear()
    browser.visit(S)
    few = len(statements)
    for number in range(3, 20):
        tests.result(begun, tests.task(round_, number))
    tests.answers(begun, *[3] * 10)
    browser.visit(S)
    statements.clear()
    browser.visit(S)
    assert len(statements) == few


def test_each_question_of_a_scale_says_what_its_ends_mean(browser, begun, round_):
    wording = scale_wording(round_.scale)
    questions = browser.visit(S).select("#scale fieldset.tap")
    assert len(questions) == len(wording.items)
    for question in questions:
        ends = question.select(".tap__scale > .tap__row + .tap__ends span")
        assert [words_of(end) for end in ends] == list(wording.ends)


def test_ending_with_an_answer_of_the_scale_missing_says_that_the_score_will_not_count(
    browser, begun, round_, person
):
    for task in list_tasks(round_):
        tests.result(begun, task)
    tests.answers(begun, *[4] * 9, by=person)
    page = browser.submit(f"{S}/end")
    assert "Questionnaire de fin : il manque 1 réponse. Sans elle, le score ne compte pas" in said(page)
    assert "tâche" not in said(page)
    assert db.session.scalars(select(TestSession.ended_at)).one() is None
    held = tests.link(begun, person)  # the participant is about to answer alone
    browser.submit(f"{S}/end")
    db.session.expire_all()
    assert db.session.scalars(select(TestSession.ended_at)).one() is not None
    page = browser.visit(f"{P}/1")
    assert "Sans score, faute de toutes les réponses : P1 (9 réponses sur 10)." in said(page)
    assert page.find("a", href=f"{S}#scale", string="P1")
    assert "9 réponses sur 10" in words_of(page.find(id="sessions"))
    held.revoked_at = clock.now()
    db.session.commit()
    browser.submit(S, **typed(browser.visit(S)) | {"a10-value": "2"})
    page = browser.visit(f"{P}/1")
    assert not page.find(id="without-score")
    assert "réponses sur 10" not in words_of(page.find(id="sessions"))
