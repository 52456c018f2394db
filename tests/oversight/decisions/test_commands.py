"""Decisions are asked, given to somebody, answered, read or withdrawn; nobody's text is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.decisions import awaited_queries, commands, queries
from portal.oversight.decisions.answerer_queries import list_answerers
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import (
    AwaitedDecision,
    DecisionAddressee,
    DecisionOutcome,
    DecisionStage,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, NotFound, Overtaken, RuleBroken
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints import commands as sprints
from tests.sprints.sprints.test_commands import LOG
from tests.support import decisions as some
from tests.support import factories as make

QUESTION = DecisionFacts(question="Ouvrir le réseau ?", why="Vingt sources.", gate=2)
YES = DecisionAnswer(DecisionOutcome.GRANTED, "Oui, dès lundi.")
NO = DecisionAnswer(DecisionOutcome.REFUSED, "Non : une demande par source.")


def deeds():
    lines = db.session.query(AuditEvent).order_by(AuditEvent.id)
    return [line.action for line in lines if line.action.startswith("decision.")]


def is_awaited(project):
    db.session.commit()
    return db.session.get_one(ProjectFigures, project.id).decision_awaited


def test_a_question_is_answered_and_the_answer_read(project, member, lead):
    row = commands.ask_decision(member, project, QUESTION)
    assert is_awaited(project)
    commands.answer_decision(lead, project, row, YES, row.version)
    assert (row.stage, row.outcome) == (DecisionStage.ANSWERED, DecisionOutcome.GRANTED)
    assert not is_awaited(project)
    commands.acknowledge_answer(member, project, row, row.version)
    commands.acknowledge_answer(member, project, row, row.version)
    assert row.seen_by_id == member.person_id
    assert deeds() == ["decision.asked", "decision.granted", "decision.seen"]
    _project, detail = queries.get_project_and_decision_detail(member, project.slug, row.number)
    assert detail.seen_by is not None
    with pytest.raises(Overtaken, match="dès lundi"):  # once read, an answer stands
        commands.answer_decision(lead, project, row, NO, row.version)


def test_two_leads_answer_one_decision(project, member, lead, other_lead):
    row = commands.ask_decision(member, project, QUESTION)
    read = row.version
    commands.answer_decision(lead, project, row, YES, read)
    with pytest.raises(Conflict):
        commands.answer_decision(other_lead, project, row, NO, read)
    assert row.answer == YES.text
    first_at = row.closed_at
    commands.answer_decision(other_lead, project, row, NO, row.version)  # having read the other's
    assert (row.answer, row.closed_at) == (NO.text, first_at)


def test_withdrawn_while_being_answered_and_answered_while_being_withdrawn(project, member, lead):
    row = commands.ask_decision(member, project, QUESTION)
    read = row.version
    commands.withdraw_question(member, project, row, "Réglé entre nous.", read)
    commands.withdraw_question(member, project, row, "Encore.", read)  # a second click
    with pytest.raises(Overtaken, match="Réglé entre nous"):
        commands.answer_decision(lead, project, row, YES, read)
    row = commands.ask_decision(member, project, QUESTION)
    read = row.version
    commands.answer_decision(lead, project, row, YES, read)
    for deed in (
        lambda: commands.withdraw_question(member, project, row, "", read),
        lambda: commands.change_question(member, project, row, QUESTION, read),
    ):
        with pytest.raises(Overtaken, match="Oui, dès lundi"):
            deed()
    assert row.stage is DecisionStage.ANSWERED


def test_a_second_person_who_takes_it_is_told(project, member, lead, other_lead, coach):
    row = commands.ask_decision(member, project, QUESTION)
    read = row.version
    commands.assign_decision(lead, project, row, lead.person_id, read)
    commands.assign_decision(lead, project, row, lead.person_id, read)
    with pytest.raises(Overtaken, match="s’en occupe déjà"):
        commands.assign_decision(other_lead, project, row, other_lead.person_id, read)
    with pytest.raises(RuleBroken) as refused:
        commands.assign_decision(lead, project, row, coach.person_id, row.version)
    assert refused.value.field == "person"
    commands.assign_decision(other_lead, project, row, other_lead.person_id, row.version)
    assert row.owner_id == other_lead.person_id


def test_each_side_does_its_own_part(project, member, lead, coach, operator):
    row = commands.ask_decision(member, project, QUESTION)
    for deed in (
        lambda: commands.ask_decision(lead, project, QUESTION),
        lambda: commands.answer_decision(member, project, row, YES, row.version),
        lambda: commands.answer_decision(coach, project, row, YES, row.version),
        lambda: commands.answer_decision(operator, project, row, YES, row.version),
        lambda: commands.withdraw_question(lead, project, row, "", row.version),
        lambda: commands.acknowledge_answer(lead, project, row, row.version),
    ):
        with pytest.raises(NotAllowed):
            deed()


@pytest.mark.parametrize("addressee", [DecisionAddressee.COACH, DecisionAddressee.OPERATOR])
def test_who_is_asked_answers_and_so_may_a_lead(project, member, lead, *, coach, operator, addressee):
    who = coach if addressee is DecisionAddressee.COACH else operator
    row = commands.ask_decision(member, project, replace(QUESTION, addressee=addressee))
    assert queries.get_project_and_decision(who, project.slug, row.number)[1] is row
    commands.answer_decision(who, project, row, YES, row.version)
    commands.answer_decision(lead, project, row, NO, row.version)


def test_an_operator_sees_only_what_is_asked_of_operators(project, member, operator):
    row = commands.ask_decision(member, project, QUESTION)
    with pytest.raises(NotFound):
        queries.get_project_and_decision(operator, project.slug, row.number)


def test_rules(project, member):
    elsewhere = make.closed_sprint(make.project())
    yesterday = clock.today() - timedelta(days=1)
    for facts, field in (
        (replace(QUESTION, due_on=yesterday), "due_on"),
        (replace(QUESTION, sprint_id=elsewhere.id), "sprint_id"),
    ):
        with pytest.raises(RuleBroken) as refused:
            commands.ask_decision(member, project, facts)
        assert refused.value.field == field


def close(member, project, number, awaited):
    sprint = make.active_sprint(project, number=number)
    log = replace(LOG, decision_awaited=awaited)
    sprints.close_sprint(member, project, sprint, log, sprint.version)
    db.session.commit()
    return sprint


def test_a_close_asks_and_later_closes_never_make_it_disappear(project, member):
    first = close(member, project, 1, "Qui héberge ?")
    second = close(member, project, 2, "")
    row = db.session.query(AwaitedDecision).one()
    assert (row.question, row.origin_sprint_id, row.asked_by_id) == (
        "Qui héberge ?",
        first.id,
        member.person_id,
    )
    assert is_awaited(project)
    log = replace(LOG, decision_awaited="Qui héberge, et où ?")
    sprints.edit_log(member, project, first, log, first.version)
    db.session.commit()
    assert row.question == "Qui héberge, et où ?"
    sprints.edit_log(member, project, first, replace(LOG, decision_awaited=""), first.version)
    other = replace(LOG, decision_awaited="Qui paie ?")
    sprints.edit_log(member, project, second, other, second.version)
    db.session.commit()
    assert row.is_open
    assert db.session.query(AwaitedDecision).count() == 2


def test_a_close_never_asks_again_what_is_asked_or_was_answered(project, member, lead):
    close(member, project, 1, "Qui héberge ?")
    second = close(member, project, 2, " qui  HÉBERGE\u00a0?")
    row = db.session.query(AwaitedDecision).one()
    commands.answer_decision(lead, project, row, YES, row.version)
    close(member, project, 3, "Qui héberge ?")
    assert db.session.query(AwaitedDecision).one().stage is DecisionStage.ANSWERED
    log = replace(LOG, decision_awaited="Qui paie ?")
    sprints.edit_log(member, project, second, log, second.version)
    db.session.commit()
    asked = db.session.query(AwaitedDecision).order_by(AwaitedDecision.number)
    assert [(one.question, one.is_open) for one in asked] == [
        ("Qui héberge ?", False),
        ("Qui paie ?", True),
    ]


def test_a_close_repeats_no_question_of_the_form_until_it_is_answered(project, member, lead):
    row = commands.ask_decision(member, project, QUESTION)
    close(member, project, 1, QUESTION.question)
    assert db.session.query(AwaitedDecision).one() is row
    commands.answer_decision(lead, project, row, NO, row.version)
    close(member, project, 2, QUESTION.question)
    assert db.session.query(AwaitedDecision).count() == 2


def test_a_close_asks_again_what_was_withdrawn_or_what_another_team_asks(project, member):
    some.decision(make.project(), question="Qui héberge ?")
    close(member, project, 1, "Qui héberge ?")
    row = db.session.query(AwaitedDecision).filter_by(project_id=project.id).one()
    commands.withdraw_question(member, project, row, "", row.version)
    close(member, project, 2, "Qui héberge ?")
    assert db.session.query(AwaitedDecision).filter_by(project_id=project.id).count() == 2


def test_questions_that_were_open_at_a_moment_as_they_were_worded(project, member, lead):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=9)):
        row = commands.ask_decision(member, project, QUESTION)
        db.session.commit()
    with clock.frozen_at(now - timedelta(days=5)):
        better = replace(QUESTION, question="Ouvrir le réseau cet été ?")
        commands.change_question(member, project, row, better, row.version)
        db.session.commit()
    with clock.frozen_at(now - timedelta(days=2)):
        commands.answer_decision(lead, project, row, YES, row.version)
        db.session.commit()

    def asked(days):
        moment = now - timedelta(days=days)
        questions = awaited_queries.list_open_questions_by_project([project.id], moment)
        return [question.text for question in questions.get(project.id, ())]

    assert asked(10) == []
    assert asked(7) == [QUESTION.question]
    assert asked(3) == ["Ouvrir le réseau cet été ?"]
    assert asked(1) == []


def test_it_may_be_given_to_those_who_may_answer_it(project, person, lead, coaching, operator):
    row = some.decision(project, person, addressee=DecisionAddressee.COACH)
    make.role(project.programme_id, Role.OBSERVER)
    names = {one.id for one in list_answerers(project, row)}
    assert names == {lead.person_id, coaching.id}
