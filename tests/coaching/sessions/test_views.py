"""Pages of coaching sessions, and the follow-ups of decisions."""

import re
from datetime import timedelta

import pytest

from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions.models import CoachingSession
from portal.oversight.coach_desk.coach_date_queries import list_accompanied_teams
from portal.oversight.gates.project_evidence_queries import read_first_coaching_evidence
from portal.oversight.health.team_fact_queries import read_contact_facts
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import coaching as some
from tests.support import factories as make
from tests.support import project_file
from tests.support.browser import words_of

S = "/projects/heron/coaching"


@pytest.fixture
def theirs(browser_for, coaching):
    return browser_for(coaching)


@pytest.fixture
def ours(browser_for, person):
    return browser_for(person)


def test_a_coach_logs_a_session_and_each_side_takes_a_decision_up(theirs, ours, project):
    assert "Aucune séance" in words_of(ours.visit(S).main)
    typed = {"format": "kickoff", "held_on": clock.today().isoformat(), "minutes": "**Vu** ensemble"}
    page = theirs.submit(f"{S}/new", **typed, decisions="- Une chose\n\n* Une autre", track="")
    assert page.main.find("strong", string="Vu")
    assert "Réunion de lancement" in words_of(page.main)
    page = theirs.submit(f"{S}/decisions/1/recommend")
    assert page.find("a", href="/projects/heron/recommendations/1", string="la recommandation 1")
    undo = f"{S}/decisions/1/recommend/undo"
    assert not ours.visit(f"{S}/1").find("form", action=undo)
    told = ours.visit("/inbox").main.find("a", string=re.compile("a recommandé"))
    assert words_of(ours.visit(first_news := told["href"]).h1) == "Une chose"
    assert "Recommandation retirée." in words_of(theirs.submit(undo))
    assert theirs.open("/projects/heron/recommendations/1").status_code == 404
    told = ours.visit("/inbox").main.find("a", string=re.compile("a retiré la recommandation"))
    assert "Réunion de lancement" in words_of(ours.visit(told["href"]).h1)
    activity = ours.visit("/projects/heron/activity").main
    assert "a retiré la recommandation" in words_of(activity)
    assert not activity.find("a", href="/projects/heron/recommendations/1")
    page = theirs.submit(f"{S}/decisions/1/recommend")
    assert page.find("form", action=undo)
    assert words_of(ours.visit(first_news).h1).startswith("Recommandations")  # not another’s page
    (discussion_id,) = db.session.query(Recommendation.discussion_id).one()
    ours.submit(f"/discussions/{discussion_id}/threads", **{"thread-body": "Pourquoi ?"})
    assert not theirs.visit(f"{S}/1").find("form", action=undo)  # it would be refused
    page = ours.submit(f"{S}/decisions/2/item")
    assert page.find("a", href="/projects/heron/backlog/1")
    assert not page.main.find("button", string="Mettre au carnet")
    refused = theirs.submit(f"{S}/decisions/2/drop", expect=403)
    assert "déjà une suite" in words_of(refused.main)
    assert "Séance notée" in words_of(ours.visit(f"{S}/1/history").main)
    assert "1 séance, la dernière" in words_of(ours.visit("/projects/heron").main)


def test_the_next_date_that_was_fixed_stays_until_it_is_past(theirs, project, coaching):
    today = clock.today()
    some.session(project, coaching, next_on=today + timedelta(days=4), hour="10:00", place="Salle 2")
    form = theirs.visit(f"{S}/new").main
    next_on = (today + timedelta(days=4)).isoformat()
    values = [form.select_one(f"[name={name}]").get("value", "") for name in ("next_on", "hour", "place")]
    assert values == [next_on, "10:00", "Salle 2"]
    some.session(project, coaching, held_on=today - timedelta(days=1), next_on=today)
    assert theirs.visit(f"{S}/new").main.select_one("[name=next_on]")["value"] == next_on


def test_a_session_noted_by_mistake_is_removed_and_one_with_minutes_is_not(theirs, ours, project, coaching):
    some.session(project, coaching, minutes="")
    some.session(project, coaching, minutes="Vu ensemble.")
    assert not ours.visit(f"{S}/1").main.find("a", href=f"{S}/1/remove")
    link = theirs.visit(f"{S}/1").main.find("a", href=f"{S}/1/remove")
    assert "notée par erreur" in words_of(link)
    page = theirs.submit(link["href"])
    assert "Séance 1 supprimée." in words_of(page)
    assert theirs.open(f"{S}/1").status_code == 404
    assert not theirs.visit(f"{S}/2").main.find("a", href=f"{S}/2/remove")
    assert "a un compte rendu ou une décision" in words_of(theirs.submit(f"{S}/2/remove", expect=403).main)


def test_a_session_with_a_message_or_a_file_stays(theirs, project, coaching):
    talked = some.session(project, coaching, minutes="")
    make.comment(talked.discussion_id, coaching)
    assert "Des messages s’y rattachent" in words_of(theirs.submit(f"{S}/1/remove", expect=422).main)
    filed = some.session(project, coaching, minutes="")
    project_file.attachment(project, filed, coaching)
    assert "Des fichiers y sont joints" in words_of(theirs.submit(f"{S}/2/remove", expect=422).main)


def test_fifty_sessions_cost_what_one_costs(ours, project, coaching, statements):
    costs = []
    for count in (1, 24):
        for _number in range(count):
            held = some.session(project, coaching)
            for _decision in range(2):
                some.decision(project, held)
        for path in (S, f"{S}/1"):
            ours.open(path)
            statements.clear()
            ours.open(path)
            costs.append(len(statements))
    assert costs[:2] == costs[2:]


def test_a_session_of_which_nothing_is_written_is_no_meeting_yet(ours, theirs, project, coaching):
    page = theirs.submit(f"{S}/new", held_on=clock.today().isoformat(), format="call", track="")
    assert "elle ne compte pas encore" in words_of(page)
    assert "compte rendu à écrire" in words_of(ours.visit("/projects/heron").main)
    row = theirs.visit(S).select_one("#session-1")
    assert words_of(row.select_one(".fr-badge")) == "Compte rendu à écrire"
    form = theirs.visit(row.find("a", href=re.compile("/edit"))["href"])
    assert [each["name"] for each in form.select("main [autofocus]")] == ["minutes"]
    row = ours.visit(S).select_one("#session-1")
    assert row.select_one(".fr-badge")
    assert not row.find("a", href=re.compile("/edit"))

    def met_on():
        db.session.expire_all()
        (team,) = list_accompanied_teams(make.actor(coaching))
        return {
            team.last_on,
            read_contact_facts(project, None)["contact_on"],
            read_first_coaching_evidence(project)["coached_on"],
        }

    assert met_on() == {None}
    session = db.session.query(CoachingSession).one()
    some.decision(project, session)
    assert met_on() == {session.held_on}
    assert not theirs.visit(S).select("#session-1 .fr-badge")
