"""Which purposes of a data source put a decision in question."""

from datetime import timedelta

import pytest

from portal.ethics.rereviews import labels
from portal.ethics.rereviews.models import TriggerAnswer, TriggeredReview
from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.ethics.reviews import commands
from portal.ethics.reviews.models import ReviewState
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.data_sources import commands as source_commands
from portal.project.data_sources.commands import SourceFacts, add_source, change_source
from tests.support import reviews
from tests.support.rereviews import SOURCE, accepted, raised

PURPOSE = SourceFacts(**SOURCE)
PURPOSELESS = SourceFacts(**SOURCE | {"purpose": ""})


def causes(found):
    return [one.typed_causes for one in found]


def concerned(trigger):
    rows = db.session.query(TriggeredReview).filter_by(trigger_id=trigger.id)
    return {row.review_id for row in rows}


def answer_no_impact(actor):
    (trigger,) = raised()
    trigger.answer, trigger.answered_at = TriggerAnswer.NO_IMPACT, clock.now()
    trigger.answered_by_id, trigger.because = actor.person_id, "Rien ne change."
    db.session.commit()


def test_a_first_purpose_is_new_to_a_review_that_knew_its_source_without_one(project, lead, member, judge):
    known = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    review = accepted(lead, project, judge)
    change_source(member, project, known, PURPOSE, known.version)
    db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_REPURPOSED,)]
    later = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    change_source(member, project, later, PURPOSE, later.version)  # completes what was just added
    db.session.commit()
    assert causes(raised())[1:] == [(TriggerCause.DATA_ADDED,)]
    assert all(concerned(one) == {review.id} for one in raised())
    change_source(member, project, known, SourceFacts(**SOURCE | {"purpose": "Noter"}), known.version)
    add_source(member, project, PURPOSE, identified_on=clock.today())
    db.session.commit()
    titles = [labels.title(trigger) for trigger in raised()]
    assert [title.split(" de ")[0] for title in titles] == [
        "Première finalité",
        "Nouvelle source",
        "Nouvelle finalité",
        "Nouvelle source",
    ]
    reasons = [" ".join(labels.list_reasons(trigger)) for trigger in raised()]
    assert "ne disaient pas à quoi cette source servirait" in reasons[0]
    assert "d’un autre usage" in reasons[2]
    assert [reasons[1], reasons[3]] == [str(labels.CAUSE_REASONS[TriggerCause.DATA_ADDED])] * 2


@pytest.fixture
def accept_review(project, lead, judge):
    return lambda: accepted(lead, project, judge)


@pytest.mark.parametrize(
    ("purposes", "rereviews"),
    [
        (["", "Trier"], 1),
        (["Trier", ""], 0),
        (["Trier", "", "Trier"], 0),
        (["Trier", "", "Noter"], 1),
        (["Trier", "", "Trier", "", "Noter", "", "Noter"], 1),
        (["Trier", "Noter", "", "Noter"], 1),
        (["Trier", "Noter", "", "Trier"], 2),
    ],
)
def test_a_purpose_is_new_where_it_is_another_than_the_last_one_written(
    project, member, accept_review, purposes, rereviews
):
    first, *later = [SourceFacts(**SOURCE | {"purpose": purpose}) for purpose in purposes]
    source = add_source(member, project, first, identified_on=clock.today())
    accept_review()
    for purpose in later:
        change_source(member, project, source, purpose, source.version)
        db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_REPURPOSED,)] * rereviews


def test_a_source_added_after_acceptance_opens_one_rereview_while_its_purpose_comes_and_goes(
    project, lead, member, judge
):
    accepted(lead, project, judge)
    source = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    for purpose in (PURPOSE, PURPOSELESS, PURPOSE):
        change_source(member, project, source, purpose, source.version)
        db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_ADDED,)]


def test_a_purpose_written_again_is_new_where_the_addition_was_answered_while_it_was_away(
    project, lead, member, judge
):
    accepted(lead, project, judge)
    source = add_source(member, project, PURPOSE, identified_on=clock.today())
    change_source(member, project, source, PURPOSELESS, source.version)
    db.session.commit()
    answer_no_impact(lead)
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        change_source(member, project, source, PURPOSE, source.version)
        db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_ADDED,), (TriggerCause.DATA_REPURPOSED,)]


def test_a_first_purpose_is_new_once_a_review_was_answered_again_knowing_its_source(
    project, lead, member, judge
):
    review = accepted(lead, project, judge)
    source = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    commands.reopen_review(lead, project, review, [], "Une source arrive.")
    commands.submit_review(lead, project, review)
    review.state = ReviewState.IN_REVIEW
    db.session.commit()
    reviews.decide(judge, project, review)
    change_source(member, project, source, PURPOSE, source.version)
    db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_ADDED,), (TriggerCause.DATA_REPURPOSED,)]


def test_a_first_purpose_is_new_once_the_addition_was_answered_without_it(project, lead, member, judge):
    accepted(lead, project, judge)
    source = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    db.session.commit()
    answer_no_impact(lead)
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        change_source(member, project, source, PURPOSE, source.version)
        db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_ADDED,), (TriggerCause.DATA_REPURPOSED,)]


def test_a_changed_purpose_is_new_where_the_first_one_was_written_before_its_action_existed(
    project, lead, member, judge, monkeypatch
):
    accepted(lead, project, judge)
    source = add_source(member, project, PURPOSELESS, identified_on=clock.today())
    with monkeypatch.context() as patch:
        patch.setattr(source_commands, "REPURPOSED", source_commands.CHANGED)
        change_source(member, project, source, PURPOSE, source.version)
    other = SourceFacts(**SOURCE | {"purpose": "Noter les agents"})
    change_source(member, project, source, other, source.version)
    db.session.commit()
    assert causes(raised()) == [(TriggerCause.DATA_ADDED,), (TriggerCause.DATA_REPURPOSED,)]
