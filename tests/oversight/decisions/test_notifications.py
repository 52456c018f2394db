"""Who is told of a decision, and who is reminded of its date."""

from datetime import timedelta

import pytest

from portal.communication.notifications.commands import mute_scope
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import NotificationTopic, kinds_by_code
from portal.communication.notifications.mail_queries import filter_mailable
from portal.communication.notifications.models import Notification
from portal.oversight.decisions import commands, help_commands
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import DecisionAddressee, DecisionOutcome
from portal.people.accounts.commands import disable_account
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, Overtaken, RuleBroken
from tests.support import decisions as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import ask_by_question


def told():
    db.session.commit()
    rows = db.session.query(Notification).all()
    return {(row.person_id, row.kind) for row in rows}


def test_leads_and_the_addressee_are_told_then_the_team(project, member, lead, coach):
    facts = DecisionFacts(question="Ouvrir ?", addressee=DecisionAddressee.COACH)
    row = commands.ask_decision(member, project, facts)
    assert told() == {(lead.person_id, "decision_asked"), (coach.person_id, "decision_asked")}
    commands.assign_decision(lead, project, row, coach.person_id, row.version)
    assert (coach.person_id, "decision_given") in told()
    answer = DecisionAnswer(DecisionOutcome.OTHERWISE, "Oui, mais.")
    commands.answer_decision(coach, project, row, answer, row.version)
    assert (member.person_id, "decision_answered") in told()


def test_its_owner_is_reminded_else_all_leads(project, person, lead):
    other = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    other_id = other.id
    tomorrow, past = clock.today() + timedelta(days=1), clock.today() - timedelta(days=2)
    some.decision(project, person, due_on=tomorrow, owner_id=other.id)
    some.decision(project, person, due_on=past)
    some.answered(project, other, due_on=past)
    assert notify_due_dates(list_contributions(DueReminderSource)) == 3
    assert notify_due_dates(list_contributions(DueReminderSource)) == 0
    rows = [(row.person_id, row.action) for row in db.session.query(Notification)]
    assert sorted(rows) == sorted(
        [(other_id, "due.soon"), (other_id, "due.past"), (lead.person_id, "due.past")]
    )


def test_an_operator_is_told_reminded_and_led_to_the_decision(browser_for, project, person, lead, operator):
    team = project.short_name
    facts = DecisionFacts(question="Verser ?", addressee=DecisionAddressee.OPERATOR)
    row = commands.ask_decision(make.actor(person), project, facts)
    assert told() == {(lead.person_id, "decision_asked"), (operator.person_id, "decision_asked")}
    commands.assign_decision(lead, project, row, operator.person_id, row.version)
    assert (operator.person_id, "decision_given") in told()
    some.decision(
        project, person, addressee=DecisionAddressee.OPERATOR, due_on=clock.today() + timedelta(days=1)
    )
    notify_due_dates(list_contributions(DueReminderSource))
    assert (operator.person_id, "decision_due") in told()
    inbox = browser_for(db.session.get_one(Person, operator.person_id))
    page = inbox.visit("/inbox")
    assert "Verser" in page.text
    assert page.text.count(f" · {team}\n") == 2  # the scope is the programme, so each names the team
    for notification in db.session.query(Notification).filter_by(person_id=operator.person_id):
        reply = inbox.open(f"/inbox/{notification.fact_id}")
        assert "/projects/heron/decisions/" in reply.headers["Location"]
        assert inbox.visit(reply.headers["Location"])


def test_whoever_has_it_is_reminded_once_a_day(project, person, lead, other_lead):
    row = some.decision(project, person)
    with pytest.raises(RuleBroken):
        help_commands.remind_owner(lead, project, row)
    commands.assign_decision(lead, project, row, other_lead.person_id, row.version)
    help_commands.remind_owner(lead, project, row)
    db.session.commit()
    rows = db.session.query(Notification).filter_by(action="decision.reminded").all()
    assert [each.person_id for each in rows] == [other_lead.person_id]
    with pytest.raises(RuleBroken, match="attendez demain"):
        help_commands.remind_owner(lead, project, row)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        help_commands.remind_owner(lead, project, row)
    some.answered(project, person)
    with pytest.raises(NotAllowed):
        help_commands.remind_owner(make.actor(person), project, row)
    answer = DecisionAnswer(DecisionOutcome.GRANTED, "Oui.")
    commands.answer_decision(lead, project, row, answer, row.version)
    with pytest.raises(Overtaken):
        help_commands.remind_owner(lead, project, row)


def test_a_team_is_told_who_has_the_help_it_asked_for_and_when_it_waits_again(
    browser_for, project, member, lead
):
    """In the words of any request for help, which is no decision."""
    coaching = make.role(project.id, Role.COACH)
    coach, colleague = make.actor(coaching), make.role(project.id, Role.TEAM_MEMBER)
    row = ask_by_question(member, project)
    commands.assign_decision(coach, project, row, coach.person_id, row.version)
    db.session.commit()
    help_commands.give_back_decision(coach, project, row, row.version)
    db.session.commit()
    commands.assign_decision(lead, project, row, coach.person_id, row.version)
    db.session.commit()
    assert (coach.person_id, "decision_given") in told()
    disable_account(None, coaching)
    db.session.commit()
    of_team = db.session.query(Notification).filter_by(person_id=member.person_id)
    assert [each.kind for each in of_team] == ["clinic"] * 4
    shown = words_of(browser_for(colleague).visit("/inbox").main)
    feed = words_of(browser_for(colleague).visit("/projects/heron/activity").main)
    name = coaching.name
    for sentence in (
        f"{name} a pris la demande d’aide « Un lecteur ? »",
        f"{name} a remis en attente la demande d’aide « Un lecteur ? »",
        f"a confié à {name} la demande d’aide « Un lecteur ? »",
    ):
        assert sentence in feed
    assert "Le portail a remis en attente la demande d’aide « Un lecteur ? »" in shown
    assert "décision" not in feed


def test_help_given_or_recalled_reaches_its_person_whatever_they_mute_until_it_is_answered(
    browser_for, project, member, lead
):
    """In the words of help."""
    coaching = make.role(project.id, Role.COACH)
    coach = make.actor(coaching)
    mute_scope(coach, project.id)
    row = ask_by_question(member, project)
    commands.assign_decision(lead, project, row, coach.person_id, row.version)
    help_commands.remind_owner(lead, project, row)
    db.session.commit()
    rows = db.session.query(Notification).filter_by(person_id=coach.person_id).all()
    assert [each.kind for each in rows] == ["decision_given"] * 2
    assert kinds_by_code()["decision_given"].topic is NotificationTopic.ADDRESSED
    shown = words_of(browser_for(coaching).visit("/inbox").main)
    assert "vous rappelle la demande d’aide « Un lecteur ? »" in shown
    assert "la décision" not in shown
    assert len(filter_mailable(coach, rows, kinds_by_code())) == 2
    commands.withdraw_question(member, project, row, "", row.version)
    db.session.commit()
    assert not filter_mailable(coach, rows, kinds_by_code())


def test_whoever_takes_a_decision_takes_it_and_gives_it_to_nobody(browser_for, project, person, lead):
    row = some.decision(project, person)
    commands.assign_decision(lead, project, row, lead.person_id, row.version)
    db.session.commit()
    feed = words_of(browser_for(person).visit("/projects/heron/activity").main)
    assert "se charge de la décision" in feed
    assert "a confié" not in feed


def test_a_reminder_leaves_once_a_day_not_within_hours(project, person, lead, other_lead):
    row = some.decision(project, person)
    commands.assign_decision(lead, project, row, other_lead.person_id, row.version)
    morning = clock.start_of_today_for_reader() + timedelta(days=1, minutes=30)
    with clock.frozen_at(morning):
        help_commands.remind_owner(lead, project, row)
    with clock.frozen_at(morning + timedelta(hours=22)), pytest.raises(RuleBroken, match="attendez demain"):
        help_commands.remind_owner(lead, project, row)
    with clock.frozen_at(morning + timedelta(days=1)):
        help_commands.remind_owner(lead, project, row)
