"""Who is notified of which event, in the event's own transaction."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.coaching.group_sessions import commands as gatherings
from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.sessions import commands as coaching
from portal.coaching.sessions.commands import SessionFacts
from portal.coaching.sessions.models import SessionFormat
from portal.collaboration.discussions import commands as discussions
from portal.communication.notifications import commands, due_date_queries, labels
from portal.communication.notifications.due_date_jobs import MEETING_FACTS, notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import NotificationKind, NotificationRule, kinds_by_code
from portal.communication.notifications.models import Channel, Mute, Notification, Preference
from portal.communication.notifications.policy import NotificationAudience
from portal.oversight.health import commands as health
from portal.oversight.health.definition_rules import LeadOpinionLevel
from portal.people.programmes import commands as programmes
from portal.people.programmes import role_commands
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_scope, list_tracks
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lower_first
from portal.platform.web.template_filters import day
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.commands import SprintLog
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from portal.user_tests.findings import commands as findings
from portal.user_tests.findings.commands import FindingFacts
from tests.communication.notifications.conftest import told
from tests.support import ceremonies, risks, user_tests
from tests.support import factories as make
from tests.support.browser import words_of


def say(team, who, body, thread=None):
    actor = make.actor(who)
    if thread is None:
        return discussions.start_thread(actor, team.project.discussion_id, body).comment
    return discussions.reply_to_thread(actor, thread, body).comment


def thread_of(comment):
    return db.session.get(discussions.Thread, comment.thread_id)


def test_a_comment_reaches_each_reader_by_what_concerns_them_most(team):
    first = say(team, team.nour, "Bonjour")
    assert told() == {"Léa": ["commented"], "Camille": ["commented"]}
    say(team, team.coach, "@lea regardez", thread_of(first))
    assert told() == {"Léa": ["commented", "mentioned"], "Camille": ["commented"], "Nour": ["replied"]}
    row = db.session.query(Notification).filter_by(kind="mentioned").one()
    assert row.group_id == first.thread_id
    assert row.actor_id == team.coach.id
    assert (row.scope_id, row.around_id) == (team.project.id, team.project.programme_id)


def test_an_edit_tells_only_whom_it_newly_cites(team):
    comment = say(team, team.nour, "@lea bonjour")
    db.session.commit()
    discussions.edit_comment(make.actor(team.nour), comment, "@lea et @dom bonjour", 1)
    assert told() == {"Léa": ["mentioned"], "Camille": ["commented"], "Dominique": ["mentioned"]}


def test_a_comment_costs_at_most_two_statements_more(app, team, statements):
    for name in ("a", "b", "c"):
        make.role(team.project.id, Role.TEAM_MEMBER, make.person(name=name))

    def cost(kind):
        del statements[:]
        say(team, team.nour, f"@lea {kind}")
        db.session.commit()
        return len([sent for sent in statements if "notification" in sent])

    assert cost("first") == 1


def test_what_was_rolled_back_was_news_to_nobody(team):
    say(team, team.nour, "Bonjour")
    db.session.rollback()
    assert told() == {}
    with db.session.begin_nested() as point:
        say(team, team.nour, "Bonjour")
        point.rollback()
    assert told() == {}


@pytest.mark.parametrize("why", ["left", "closed account", "never", "mute project", "mute thread"])
def test_who_may_not_or_will_not_hear_is_left_out(team, why):
    first = say(team, team.lea, "Bonjour")
    db.session.commit()
    lea = team.lea.id
    db.session.execute(sa.delete(Notification))
    if why == "left":
        db.session.execute(sa.text("DELETE FROM role_assignment WHERE role = 'team_lead'"))
    elif why == "closed account":
        team.lea.disabled_at = clock.now()
    elif why == "never":
        for kind in ("replied", "commented"):
            db.session.add(Preference(person_id=lea, kind=kind, channel=Channel.NEVER))
    else:
        about = team.project.id if "project" in why else first.thread_id
        db.session.add(Mute(person_id=lea, about_id=about, scope_id=team.project.id))
    db.session.commit()
    say(team, team.nour, "Bonsoir", thread_of(first))
    assert "Léa" not in told()
    if why.startswith("mute"):
        say(team, team.nour, "@lea quand même", thread_of(first))
        assert told()["Léa"] == ["mentioned"]
        unmute = commands.unmute_scope if "project" in why else commands.unmute_group
        unmute(make.actor(team.lea), about)
        say(team, team.nour, "Encore", thread_of(first))
        assert told()["Léa"] == ["mentioned", "replied"]


def close(team, **given):
    sprint = make.active_sprint(team.project, number=1)
    numbers = ("indicator_before", "indicator_after", "test_set_size")
    empty = {each.name: None if each.name in numbers else "" for each in fields(SprintLog)}
    usual = {"outcome": SprintOutcome.MET, "summary": "Fait.", "blocker": BlockerKind.NONE, "outlook": None}
    log = SprintLog(**empty | usual | {"help_wanted": False} | given)
    sprints.close_sprint(make.actor(team.nour), team.project, sprint, log, sprint.version)


def test_a_closed_sprint_is_told_and_a_wish_for_help_before_all(team):
    close(team)
    assert told() == {name: ["sprint_closed"] for name in ("Léa", "Camille", "Dominique")}


def test_who_can_help_is_told_of_the_wish(team):
    close(team, help_wanted=True, blocker=BlockerKind.IT)
    assert told() == {"Léa": ["sprint_closed"], "Camille": ["help_wanted"], "Dominique": ["help_wanted"]}


@pytest.mark.parametrize(("severity", "reached"), [(2, []), (3, ["Camille", "Léa"]), (4, None)])
def test_a_severe_finding_is_told_without_its_words(team, severity, reached):
    tried = user_tests.planned(team.project)
    facts = FindingFacts(what="Le bouton est invisible", severity=severity)
    findings.note_finding(make.actor(team.nour), team.project, tried, facts, knowingly=True)
    expected = ["Camille", "Dominique", "Léa"] if reached is None else reached
    assert sorted(told()) == expected
    assert "bouton" not in str([row.facts for row in db.session.query(Notification)])


def test_whoever_is_given_a_role_is_told_by_name(team):
    other = make.role(team.project.programme_id, Role.COACH, make.person(name="Sacha"))
    scope = get_scope(team.project.id)
    role_commands.assign_role_from_pool(make.actor(team.lead), scope, other, Role.COACH, None)
    assert told()["Sacha"] == ["role"]


def test_a_coach_of_two_tracks_is_told_of_each_by_its_name(team, browser_for):
    coach = make.role(team.project.programme_id, Role.COACH, make.person(name="Sacha"))
    scope = get_scope(team.project.id)
    list_tracks(team.project.programme_id)[0].name_fr = "IA"
    for track in list_tracks(team.project.programme_id):
        role_commands.assign_role_from_pool(make.actor(team.lead), scope, coach, Role.COACH, track)
    db.session.commit()
    inbox = words_of(browser_for(coach).visit("/inbox").main)
    names = [lower_first(track.name) for track in list_tracks(team.project.programme_id)]
    assert len(names) == 2
    assert "IA" in names
    for name in names:
        assert inbox.count(f"vous affecte à ce projet (Coach, {name})") == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_day_is_told_once_before_and_once_after_to_whoever_sees_to_it(app, team, late):
    day = clock.today() + timedelta(days=-1 if late else 1)
    sprint = make.closed_sprint(team.project)
    looked = ceremonies.retrospective(team.project, sprint)
    action = ceremonies.action(team.project, looked, team.nour, due_on=day)
    later = clock.today() + timedelta(days=9)
    ceremonies.action(team.project, looked, team.lea, due_on=later)
    mitigation = risks.late(risks.risk(team.project), team.lea, days=1 if late else -1)
    db.session.commit()
    with app.app_context():
        assert notify_due_dates(list_contributions(DueReminderSource)) == 2
        assert notify_due_dates(list_contributions(DueReminderSource)) == 0
    assert told() == {"Nour": ["action_due"], "Léa": ["mitigation_due"]}
    row = db.session.query(Notification).filter_by(kind="action_due").one()
    assert (row.action, row.facts["name"]) == ("due.past" if late else "due.soon", action.what)
    assert db.session.query(Notification).filter_by(kind="mitigation_due").one().facts == {
        "number": mitigation.number,
        "name": "",
    }


def test_a_collective_session_reaches_each_in_their_project_and_who_leads(team):
    other = make.project(db.session.get_one(Programme, team.project.programme_id))
    for project in (team.project, other):
        make.role(project.id, Role.COACH, make.person(name=f"Coach {project.slug}"))
    make.role(other.id, Role.TEAM_MEMBER, team.nour)
    make.role(make.project().id, Role.TEAM_MEMBER, make.person(name="Elsewhere"))
    db.session.add(Mute(person_id=team.lea.id, about_id=team.project.id))
    programme = db.session.get_one(Programme, team.project.programme_id)
    facts = GatheringFacts(title="Annoter sans s’épuiser", held_on=clock.today())
    row = gatherings.announce_gathering(make.actor(team.lead), programme, facts)
    others = {"Camille", "Nour", "Coach heron", f"Coach {other.slug}"}
    assert told() == {name: ["gathering"] for name in others}
    gatherings.change_gathering(make.actor(team.lead), programme, row, replace(facts, agenda="Dix"), 1)
    assert told() == {name: ["gathering"] for name in others}
    later = replace(facts, agenda="Dix", held_on=clock.today() + timedelta(days=2))
    gatherings.change_gathering(make.actor(team.lead), programme, row, later, 2)
    assert told() == {name: ["gathering"] * 2 for name in others}


def test_a_coaching_session_that_is_logged_is_told_to_its_team(team):
    meeting = {"next_on": clock.today() + timedelta(days=5), "hour": "14:30", "duration": 60}
    facts = SessionFacts(held_on=clock.today(), format=SessionFormat.CALL, **meeting)
    coaching.log_session(make.actor(team.coach), team.project, facts)
    db.session.commit()
    row = db.session.query(Notification).first()
    sentence = labels.sentence(kinds_by_code()[row.kind], row, "Nour", "")
    assert sentence.endswith(f"; la prochaine a lieu le {day(facts.next_on)} à 14:30 (1 h)")
    assert told() == {"Nour": ["coaching_logged"], "Léa": ["coaching_logged"]}


@pytest.mark.parametrize(
    ("role", "is_in_programme"),
    [(Role.COACH, True), (Role.ETHICS_REVIEWER, True), (Role.TEAM_LEAD, False)],
)
def test_who_invited_is_told_that_the_guest_accepted(team, role, is_in_programme):
    lead, guest = make.actor(team.lead), make.person(name="Karim")
    make.role(team.project.programme_id, Role.PROGRAMME_LEAD, make.person(name="Autre"))
    scope = get_scope(team.project.programme_id if is_in_programme else team.project.id)
    key = programmes.invite_to_role(lead, scope, RoleOffer(email=guest.email, role=role))
    programmes.accept_invitation(key, guest)
    team_told = {} if is_in_programme else {name: ["joined"] for name in ("Nour", "Léa", "Camille")}
    assert told() == {"Dominique": ["joined"]} | team_told
    row = db.session.query(Notification).filter_by(person_id=team.lead.id).one()
    sentence = labels.sentence(kinds_by_code()[row.kind], row, "Karim", "")
    assert sentence.startswith("Karim a accepté l’invitation (")


def test_every_kind_says_how_each_audience_is_told_and_every_rule_has_its_kind():
    assert all(set(kind.usual) == set(NotificationAudience) for kind in list_contributions(NotificationKind))
    codes = [kind.code for kind in list_contributions(NotificationKind)]
    assert len(codes) == len(set(codes))
    assert {rule.kind for rule in list_contributions(NotificationRule)} <= set(
        list_contributions(NotificationKind)
    )
    assert {due.kind for due in list_contributions(DueReminderSource)} <= set(
        list_contributions(NotificationKind)
    )
    for due in list_contributions(DueReminderSource):
        columns = tuple(column.key for column in due.rows.selected_columns)
        required = due_date_queries.COLUMNS
        assert columns[: len(required)] == required
        others = columns[len(required) :]
        place = tuple(name for name in others if name not in MEETING_FACTS)
        assert place in ((), ("path",), ("path", "team"))
        assert {name for name in others if name in MEETING_FACTS} in (set(), set(MEETING_FACTS))
    for rule in list_contributions(NotificationRule):
        assert isinstance(rule, NotificationRule)
        assert all(audit.ACTIONS[action.code] is action for action in rule.actions)
        columns = [c.key for c in rule.people.selected_columns]
        assert columns in (["person_id", "group_id"], ["person_id", "group_id", "scope_id"])


def test_a_lead_s_word_reaches_the_team_and_a_darker_weather_whoever_supports_it(team):
    until = clock.today() + timedelta(days=9)
    health.note_lead_opinion(make.actor(team.lead), team.project, LeadOpinionLevel.WATCH, "Le serveur", until)
    heard = told()
    assert {"health_said"} == {kind for kinds in heard.values() for kind in kinds}
    assert {"Léa", "Nour", "Camille"} <= heard.keys()

    def declare(outlook):
        db.session.query(Notification).delete()
        health.declare_weather(make.actor(team.lea), team.project, outlook, "Voilà")
        return told()

    assert declare(OutlookLevel.CLOUDY) == {}
    assert declare(OutlookLevel.STORMY) == {"Camille": ["weather_darker"], "Dominique": ["weather_darker"]}
    assert declare(OutlookLevel.STORMY) == {}  # not worse than before
    assert declare(OutlookLevel.RAINY) == {}  # better
