"""Answering, confirming and returning triggers."""

from datetime import timedelta

import pytest

from portal.ethics.rereviews import commands, policy, queries
from portal.ethics.rereviews.commands import TriggerReply
from portal.ethics.rereviews.models import AwaitedReplyKind, TriggerAnswer
from portal.ethics.rereviews.past_waiting_queries import list_unconfirmed_answer_times
from portal.ethics.reviews import commands as of_reviews
from portal.ethics.reviews import queries as known
from portal.ethics.reviews.models import ReviewState, RoundReason
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.data_sources.commands import SourceFacts, add_source
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.rereviews import SOURCE, accepted, aim_at, raised

NO_IMPACT = TriggerReply(TriggerAnswer.NO_IMPACT, "Ils sont déjà dans la revue.")
PARTIAL = TriggerReply(TriggerAnswer.PARTIAL, "Ils sont nouveaux.")
FULL = TriggerReply(TriggerAnswer.FULL, "Tout change.")


@pytest.fixture
def review(project, lead, judge):
    return accepted(lead, project, judge)


@pytest.fixture
def trigger(project, member, review):
    """A new target group."""
    aim_at(member, project)
    return raised()[0]


def test_no_impact_waits_for_a_second_person_who_is_not_of_the_team(
    project, lead, reviewer, direction, trigger
):
    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    for who in (member, make.actor(make.role(project.id, Role.COACH))):
        with forbidden():
            commands.answer_trigger(who, project, trigger, NO_IMPACT, trigger.version)
    with pytest.raises(RuleBroken):
        commands.answer_trigger(
            lead, project, trigger, TriggerReply(TriggerAnswer.NO_IMPACT, ""), trigger.version
        )
    with pytest.raises(Conflict):
        commands.answer_trigger(lead, project, trigger, NO_IMPACT, trigger.version - 1)
    with pytest.raises(TooLate):
        commands.confirm_no_impact(reviewer, project, trigger, trigger.version)
    commands.answer_trigger(lead, project, trigger, NO_IMPACT, trigger.version)
    assert trigger.waits is AwaitedReplyKind.CONFIRMATION
    with pytest.raises(TooLate):
        commands.answer_trigger(lead, project, trigger, FULL, trigger.version)
    other_lead = make.actor(make.role(project.id, Role.TEAM_LEAD))
    for who in (lead, member, other_lead):
        with forbidden():
            commands.confirm_no_impact(who, project, trigger, trigger.version)
    with pytest.raises(RuleBroken):
        commands.return_trigger_to_team(reviewer, project, trigger, "", trigger.version)
    commands.return_trigger_to_team(reviewer, project, trigger, "Qui sont-ils ?", trigger.version)
    assert trigger.waits is AwaitedReplyKind.ANSWER
    commands.answer_trigger(direction, project, trigger, NO_IMPACT, trigger.version)
    with forbidden():
        commands.confirm_no_impact(direction, project, trigger, trigger.version)
    commands.confirm_no_impact(reviewer, project, trigger, trigger.version)
    assert trigger.waits is AwaitedReplyKind.NOBODY
    (of,) = queries.list_concerned_reviews(trigger)
    assert of.review.state is ReviewState.ACCEPTED
    assert queries.list_open_triggers(lead, project, of.review) == []


def test_a_partial_review_opens_the_sections_that_are_touched_and_widens_one_under_way(
    project, lead, member, trigger, review
):
    commands.answer_trigger(lead, project, trigger, PARTIAL, trigger.version)
    held = known.reload_review(review)
    assert review.state is ReviewState.DRAFT
    assert set(held.round.sections) == {"stakes", "R1", "R4", "R5"}
    assert (held.round.why, held.round.because) == (RoundReason.REOPENED, PARTIAL.because)
    add_source(member, project, SourceFacts(**SOURCE), identified_on=clock.today())
    assert len(raised()) == 1  # about a closed section: raised once it is decided


def test_two_facts_reopen_one_round_until_the_reviewer_has_it(project, lead, member, trigger, review):
    add_source(member, project, SourceFacts(**SOURCE), identified_on=clock.today())
    aim_at(member, project, "Les aidants")
    _first, second, third = raised()
    commands.answer_trigger(lead, project, trigger, PARTIAL, trigger.version)
    commands.answer_trigger(lead, project, second, PARTIAL, second.version)
    assert review.round == 2
    assert set(known.reload_review(review).round.sections) == {"stakes", "R1", "R3", "R4", "R5"}
    of_reviews.submit_review(lead, project, review)
    for given in (PARTIAL, FULL):
        with pytest.raises(TooLate):
            commands.answer_trigger(lead, project, third, given, third.version)
    commands.answer_trigger(lead, project, third, NO_IMPACT, third.version)
    assert third.waits is AwaitedReplyKind.CONFIRMATION


def test_a_full_review_answers_what_else_waits_for_it(project, lead, member, trigger, review):
    aim_at(member, project, "Les aidants")
    first, second = raised()
    commands.answer_trigger(lead, project, second, FULL, second.version)
    assert first.answer is second.answer is TriggerAnswer.FULL
    assert first.because == FULL.because
    assert known.reload_review(review).round.sections == []
    assert (review.state, review.round) == (ReviewState.DRAFT, 2)


def test_what_touches_the_whole_has_no_partial_review(project, lead, review, judge, trigger):
    trigger.causes = ["many_days"]
    db.session.commit()
    with pytest.raises(RuleBroken):
        commands.answer_trigger(lead, project, trigger, PARTIAL, trigger.version)


def test_a_project_that_does_not_go_on_answers_nothing(project, lead, trigger, review):
    project.paused_on = project.starts_on
    db.session.commit()
    assert not policy.can_answer(lead, project, trigger, [review])
    with pytest.raises(TooLate):
        commands.answer_trigger(lead, project, trigger, NO_IMPACT, trigger.version)


def test_a_confirmation_that_was_undone_since_held_at_its_moment(project, lead, reviewer, trigger):
    commands.answer_trigger(lead, project, trigger, NO_IMPACT, trigger.version)
    at = clock.now()
    with clock.frozen_at(at + timedelta(minutes=10)):
        commands.confirm_no_impact(reviewer, project, trigger, trigger.version)
    with clock.frozen_at(at + timedelta(minutes=50)):
        commands.undo_confirmation(reviewer, project, trigger, trigger.version)
    db.session.commit()
    waited = [
        bool(list_unconfirmed_answer_times(None, [project.id], at + timedelta(minutes=minutes)))
        for minutes in (5, 30, 60)
    ]
    assert waited == [True, False, True]
