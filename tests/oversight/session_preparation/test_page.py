"""A coach prepares a session: since when, what changed, was advised, waits; who reads it; its cost."""

from datetime import timedelta

import pytest

from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.recommendations.models import RecommendationStage
from portal.coaching.sessions.models import CoachingSession, SessionFormat
from portal.oversight.session_preparation import views
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.platform.web.template_filters import day
from portal.project.projects.to_decide_queries import clear_waiting_cache
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.labels import BLOCKERS
from portal.sprints.sprints.models import BlockerKind
from tests.support import coaching as some
from tests.support import decisions, gates, project_file, reviews
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.project_file import of

URL = "/projects/heron/coaching/prepare"


@pytest.fixture
def coach(browser_for, coaching):
    return browser_for(coaching)


def test_without_a_session_everything_since_the_beginning_is_there(coach, project):
    project_file.version(project, changes="La carte s’affiche.")
    text = words_of(coach.visit(URL).main)
    assert "Aucune séance n’a encore de compte rendu ni de décision" in text
    assert "Version 1 : La carte s’affiche." in text


def test_runs_say_whether_they_reached_their_threshold(coach, project):
    protocol, version = project_file.protocol(project), project_file.version(project)
    project_file.run(project, protocol, version, number=1, result=protocol.threshold)
    project_file.run(project, protocol, version, number=2, result=protocol.threshold - 0.01)
    text = words_of(coach.visit(URL).main)
    assert f"Essai 1, {protocol.metric} : seuil atteint" in text
    assert f"Essai 2, {protocol.metric} : seuil non atteint" in text


def test_what_changed_since_their_own_last_session(coach, project, person, coaching):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=20)):
        project_file.version(project, changes="Ancienne.", created_at=clock.now())
        decisions.decision(project, person, question="Ancienne question ?", created_at=clock.now())
    held_on = clock.today() - timedelta(days=10)
    some.session(project, coaching, held_on=held_on, minutes="Relire **la grille**.")
    some.session(project, make.person(), held_on=clock.today() - timedelta(days=2))  # a colleague's
    project_file.version(project, changes="Nouvelle.")
    text = words_of(coach.visit(URL).main)
    assert "Version 2 : Nouvelle." in text
    assert "Version 1" not in text
    assert "Relire la grille" in text
    assert "Ancienne question ?" in text  # it still waits


def test_advice_says_what_became_of_it_and_a_coach_confirms_in_place(coach, project, coaching):
    some.session(project, coaching, held_on=clock.today() - timedelta(days=10))
    some.done(project, coaching, what="Mesurer")
    answered = {"answered_at": clock.now(), "answered_by_id": coaching.id, "decline_reason": "Trop tôt."}
    some.recommendation(project, coaching, what="Élargir", stage=RecommendationStage.DECLINED, **answered)
    long_ago = answered | {"answered_at": clock.now() - timedelta(days=30)}
    some.recommendation(project, coaching, what="Oubliée", stage=RecommendationStage.DECLINED, **long_ago)
    page = coach.visit(URL)
    text = words_of(page.main)
    assert "Déclinée : « Trop tôt. »" in text
    assert "Oubliée" not in text
    assert page.select_one("form[action$='/confirm']")


def test_what_a_team_answers_and_notes_on_the_day_of_the_session_is_there(browser_for, project, coaching):
    logged_at = clock.now().replace(hour=9)
    with clock.frozen_at(logged_at):
        project_file.version(project, changes="Vue en séance.")
    with clock.frozen_at(logged_at + timedelta(minutes=1)):
        some.session(project, coaching)
    with clock.frozen_at(logged_at + timedelta(hours=3)):
        project_file.version(project, changes="Du jour même.")
        answered = {"answered_at": clock.now(), "answered_by_id": coaching.id}
        declined = answered | {"decline_reason": "Trop tôt."}
        some.recommendation(project, coaching, what="Élargir", stage=RecommendationStage.DECLINED, **declined)
        done = some.done(project, coaching, what="Mesurer")
        done.stage, done.confirmed_at, done.confirmed_by_id = (
            RecommendationStage.CONFIRMED,
            clock.now(),
            coaching.id,
        )
        db.session.commit()
    with clock.frozen_at(logged_at + timedelta(hours=4)):
        page = browser_for(coaching).visit(URL)
    assert "Version 2 : Du jour même." in words_of(page.main)
    assert "Vue en séance." not in words_of(page.main)
    advice = words_of(page.select_one("section[aria-labelledby=advice]"))
    assert "Élargir Déclinée Déclinée : « Trop tôt. »" in advice
    assert "Mesurer Confirmée" in advice


def test_the_button_opens_the_minutes_and_writes_nothing(coach, project):
    page = coach.visit(URL)
    assert not page.select_one("#log")
    form = coach.visit(page.main.find("a", string="Noter la séance")["href"]).main
    assert form.select_one("[name=held_on]")["value"] == clock.today().isoformat()
    assert form.select_one("[name=format] option[selected]")["value"] == SessionFormat.WEEKLY.value
    assert form.select_one("[autofocus]")["name"] == "minutes"
    assert not db.session.query(CoachingSession).count()


def test_a_session_of_today_without_minutes_hides_no_change_and_no_day(coach, project, coaching):
    tomorrow = clock.today() + timedelta(days=1)
    some.session(project, coaching, held_on=clock.today() - timedelta(days=10), next_on=tomorrow)
    project_file.version(project, changes="Nouvelle.")
    empty = some.session(project, coaching, minutes="")
    text = words_of(coach.visit(URL).main)
    assert "Version 1 : Nouvelle." in text
    assert f"La prochaine est le {day(tomorrow)}." in text
    empty.minutes = "Vu ensemble."
    db.session.commit()
    clear_cached_answers()
    text = words_of(coach.visit(URL).main)
    assert "Version 1" not in text
    assert f"La prochaine est le {day(tomorrow)}." in text


def test_what_waits_is_the_list_of_what_is_to_decide_with_its_buttons_and_comes_first(
    coach, project, coaching, person
):
    asking, done = some.asking(project), some.done(project, coaching, proof="Deux rôles nommés.")
    decisions.decision(project, person, question="Qui signe ?")  # the lead answers it
    page = coach.visit(URL)
    titles = [each["id"] for each in page.select("section.block > h2, section.block > .block__head > h2")]
    assert titles[:3] == ["open", "advice", "changes"]
    waiting = page.select_one("section[aria-labelledby=open]")
    assert "Qui signe ?" in words_of(waiting)
    confirm = waiting.select_one(f"form[action$='/recommendations/{done.id}/confirm']")
    row = confirm.find_parent("li")
    assert "« Deux rôles nommés. »" in words_of(row).replace("\xa0", " ")
    assert waiting.select_one(f"form[action$='/clinics/{asking.id}/take']")
    assert not page.select("section[aria-labelledby=advice] form")
    sent = {field["name"]: field["value"] for field in confirm.select("input[name]")}
    page = coach.submit(confirm["action"], **sent)
    assert "Préparer la séance" in words_of(page.h1)
    assert "Deux rôles nommés" not in words_of(page.select_one("section[aria-labelledby=open]"))


def test_a_dated_request_is_said_in_the_words_of_who_asked_not_in_those_of_the_log(
    browser_for, coach, project, person, coaching
):
    """Those asked for after the close have words and a kind of their own, also on the page of the request."""
    sprint = make.closed_sprint(project, blocker=BlockerKind.DATA_ACCESS, blocker_text="Le journal de mars")
    ask_for_help(
        make.actor(person), project, sprint, BlockerKind.IT, "Les clés", expected_version=sprint.version
    )
    some.clinic(sprint, coaching, planned_on=clock.today() + timedelta(days=3))
    for path in (URL, f"/projects/{project.slug}/clinics/{sprint.number}"):
        text = words_of(coach.visit(path).main)
        assert "Les clés" in text
        assert "Le journal de mars" not in text
    assert str(BLOCKERS[BlockerKind.IT]) in text
    assert str(BLOCKERS[BlockerKind.DATA_ACCESS]) not in text


def test_the_next_gate_names_what_it_lacks_and_whose_turn_it_is(coach):
    text = words_of(coach.visit(URL).main)
    assert "G0" in text
    assert "La date de signature de la convention n’est pas notée. À la direction ou à l’opérateur." in text


def test_a_gate_says_each_gap_once_and_links_what_it_concerns(coach, project, person, monkeypatch):
    """What the team alone can mend is still one click away from whoever prepares the session."""
    monkeypatch.setattr(views, "find_next_gate", lambda states: states[3])
    reviews.opened(make.actor(person), project, "framing")
    gates.judged(project)
    gaps = coach.visit(URL).select("section[aria-labelledby=gate] .tick li")
    sentences = [next(gap.select_one(".todo__text").stripped_strings) for gap in gaps]
    assert len(sentences) == len(set(sentences))
    assert all(gap.select("a") for gap in gaps)


def test_only_coaches_and_leads_prepare_a_session(browser_for, project, person, coaching):
    db.session.add(of(project, CoachNote, author_id=coaching.id, body="Entre nous."))
    db.session.commit()
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert "Entre nous." in words_of(lead.visit(URL).main)
    assert browser_for(person).open(URL).status_code == 403
    assert browser_for(make.role(project.id, Role.ETHICS_REVIEWER)).open(URL).status_code == 403
    assert browser_for(make.role(make.project().id, Role.COACH)).open(URL).status_code == 404


def test_much_costs_what_little_costs(coach, project, person, coaching, statements):
    def cost():
        clear_waiting_cache()  # of the count in the navigation
        clear_cached_answers()
        statements.clear()
        coach.visit(URL)
        return len(statements)

    some.session(project, coaching, held_on=clock.today() - timedelta(days=9))
    decisions.decision(project, person)
    some.recommendation(project, coaching)
    project_file.version(project)
    coach.visit(URL)
    few = cost()
    for number in range(6):
        decisions.decision(project, person)
        some.recommendation(project, coaching)
        project_file.version(project, changes=f"Version {number}.")
    assert cost() == few
