"""Who is told of a decision, and who is reminded of its date."""

from datetime import timedelta

from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminder
from portal.communication.notifications.models import Notification
from portal.oversight.decisions import commands
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import DecisionAddressee, DecisionOutcome
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import db
from tests.support import decisions as some
from tests.support import factories as make


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
    assert notify_due_dates(contributed(DueReminder)) == 3
    assert notify_due_dates(contributed(DueReminder)) == 0
    rows = [(row.person_id, row.action) for row in db.session.query(Notification)]
    assert sorted(rows) == sorted(
        [(other_id, "due.soon"), (other_id, "due.past"), (lead.person_id, "due.past")]
    )
