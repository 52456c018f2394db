"""A commit raises the triggers of what it changed, and the worker those of time, each once."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine

from portal.ethics.questionnaires.commands import store_edition
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_built_in_source
from portal.ethics.rereviews import trigger_projections
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.ethics.rereviews.models import Trigger, TriggerCursor, TriggeredReview
from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.ethics.reviews import commands
from portal.ethics.reviews.commands import widen_round
from portal.ethics.reviews.models import Review, ReviewState
from portal.oversight.open_issues.models import StoredIssueFigures
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.project.data_sources.commands import SourceFacts, add_source, change_source
from portal.project.projects.models import Project
from portal.sprints.prototypes.models import AutomationLevel, Exposure
from tests.support import reviews, risks
from tests.support.rereviews import SOURCE, accepted, aim_at, look, raised, release


def causes(found):
    return [one.typed_causes for one in found]


def concerned(trigger):
    rows = db.session.query(TriggeredReview).filter_by(trigger_id=trigger.id)
    return {row.review_id for row in rows}


def test_nothing_is_raised_before_a_decision_and_each_fact_once_after_it(project, lead, member, judge):
    aim_at(member, project)
    release(member, project)
    review = accepted(lead, project, judge)
    assert raised() == []
    aim_at(member, project, "Les aidants")
    release(member, project, exposure=Exposure.CITIZENS, automation=AutomationLevel.CHECKED)
    source = add_source(member, project, SourceFacts(**SOURCE), identified_on=clock.today())
    purpose = SourceFacts(**SOURCE | {"purpose": "Entraîner"})
    change_source(member, project, source, purpose, source.version)
    db.session.commit()
    found = raised()
    assert causes(found) == [
        (TriggerCause.GROUP_ADDED,),
        (TriggerCause.EXPOSURE, TriggerCause.AUTOMATION),
        (TriggerCause.DATA_ADDED,),
        (TriggerCause.DATA_REPURPOSED,),
    ]
    assert all(concerned(one) == {review.id} for one in found)
    assert found[1].details == {
        "number": 2,
        "name": None,
        "automation": ["suggest", "checked"],
        "exposure": ["agents", "citizens"],
    }
    assert look() == 0
    db.session.query(TriggerCursor).delete()  # the audit trail is read from its beginning
    db.session.commit()
    assert look() == 0
    told = db.session.query(AuditEvent).filter_by(action="rereview.raised").count()
    assert told == db.session.query(Trigger).count() == 4


def test_a_commit_raises_what_it_puts_in_question_and_who_reads_that_follows(project, lead, member, judge):
    accepted(lead, project, judge)
    aim_at(member, project)
    (trigger,) = db.session.query(Trigger)
    assert trigger.details["name"] == "Les demandeurs"
    assert db.session.get_one(StoredIssueFigures, project.id).triggers == 1
    assert look() == 0


def test_two_who_change_a_project_at_once_raise_one_trigger_each(app, project, lead, member, judge):
    accepted(lead, project, judge)
    id_, actors = project.id, [member, lead]
    db.session.remove()

    def work(actor):
        with app.app_context():
            aim_at(actor, db.session.get_one(Project, id_), f"Public de {actor.person_id}")

    people = [Thread(target=work, args=[actor]) for actor in actors]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert [one.number for one in db.session.query(Trigger).order_by(Trigger.number)] == [1, 2]


def test_two_workers_that_look_at_once_raise_it_once(app, project, lead, judge):
    accepted(lead, project, judge)
    for days in (10, 11, 12):
        risks.mitigation(risks.risk(project), due_on=clock.today() + timedelta(days=days))
    db.session.remove()
    made = []

    def work():
        with app.app_context():
            made.append(raise_due_triggers())

    workers = [Thread(target=work) for _ in range(2)]
    with time_machine.travel(clock.now() + timedelta(days=20)):
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert sum(made) == db.session.query(Trigger).count() == 3


def test_a_fact_is_of_every_review_that_stands_and_of_one_accepted_without_knowing_it(
    project, lead, member, judge
):
    framing = accepted(lead, project, judge)
    bias = reviews.taken(lead, project, judge, kind="bias")
    compared = reviews.taken(lead, project, judge, kind="aia")
    aim_at(member, project)
    (trigger,) = raised()
    assert concerned(trigger) == {framing.id}
    for one in (bias, compared):
        reviews.decide(judge, project, one)
    assert len(raised()) == 1
    assert concerned(trigger) == {framing.id, bias.id}  # comparisons are not concerned


def test_what_a_reopened_review_asks_again_is_raised_no_more(project, lead, member, judge):
    review = accepted(lead, project, judge)
    commands.reopen_review(lead, project, review, ["R3"], "Les données changent.")
    aim_at(member, project)  # about no section of this round
    assert raised() == []
    widen_round(lead, project, review, [])
    aim_at(member, project, "Les aidants")
    commands.submit_review(lead, project, review)
    aim_at(member, project, "Les voisins")  # after the submission
    review.state = ReviewState.IN_REVIEW
    db.session.commit()
    reviews.decide(judge, project, review)
    assert [one.details["name"] for one in raised()] == ["Les voisins"]


def test_a_draft_that_is_given_up_takes_no_decisions_place(project, lead, member, judge):
    accepted(lead, project, judge)
    draft = reviews.opened(member, project)
    aim_at(member, project)
    assert raised() == []  # the draft is answered knowing it
    commands.discard_review(lead, project, draft)
    db.session.commit()
    assert [one.details["name"] for one in raised()] == ["Les demandeurs"]


def test_what_was_late_as_the_answers_were_given_is_told_by_the_day_in_paris(project, lead, judge, person):
    with time_machine.travel(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)):
        accepted(lead, project, judge)
        risks.late(risks.risk(project), person)
        assert raised() == []


def test_time_raises_what_came_due_once_for_each_date(project, lead, judge, person):
    review = accepted(lead, project, judge)
    late = risks.mitigation(risks.risk(project), due_on=clock.today() + timedelta(days=10))
    risks.late(risks.risk(project), person)  # already late at submission
    assert raised() == []
    with time_machine.travel(clock.now() + timedelta(days=11)):
        (first,) = raised()
        assert first.typed_causes == (TriggerCause.OVERDUE,)
        assert first.details["number"] == late.number
    with time_machine.travel(clock.now() + timedelta(days=91)):
        assert causes(raised())[1:] == [(TriggerCause.MANY_DAYS,)]
        late.due_on += timedelta(days=50)
        db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=92)):
        assert causes(raised())[2:] == [(TriggerCause.OVERDUE,)]
        assert look() == 0
        project.paused_on = clock.today()
        review.decided_at += timedelta(hours=1)
        db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert look() == 0


def test_another_edition_of_its_questions_is_raised_for_who_answered_the_former(project, lead, judge):
    accepted(lead, project, judge)
    assert raised() == []  # the worker has looked today
    text = find_built_in_source("framing", 1).text.replace("edition: 1", "edition: 2", 1)
    store_edition(DefinitionSource(text))
    db.session.commit()
    (trigger,) = raised()
    assert trigger.typed_causes == (TriggerCause.EDITION,)
    assert trigger.details["edition"] == 2


@pytest.mark.parametrize("states", [["draft"], ["submitted"], ["refused"]])
def test_a_review_that_does_not_stand_is_left_alone(project, lead, member, judge, states):
    if states == ["draft"]:
        reviews.opened(member, project)
    else:
        review = reviews.taken(lead, project, judge)
        if states == ["refused"]:
            reviews.decide(judge, project, review, ReviewState.REFUSED)
    aim_at(member, project)
    assert raised() == []
    assert db.session.query(Review).count() == 1


def test_a_fault_in_one_project_holds_no_other_up_and_is_made_good(project, lead, member, judge, monkeypatch):
    accepted(lead, project, judge)
    risks.mitigation(risks.risk(project), due_on=clock.today() + timedelta(days=1))
    with time_machine.travel(clock.now() + timedelta(days=3)):
        with monkeypatch.context() as broken:
            broken.setattr(trigger_projections.fact_queries, "list_rereview_facts", lambda _project: 1 / 0)
            assert look() == 0
            assert db.session.query(TriggerCursor).one().seal > 0
        assert raised() == []  # until the next day, or the next change
        aim_at(member, project)
        assert len(raised()) == 2
