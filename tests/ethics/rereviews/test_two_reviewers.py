"""A re-review of two reviews with different reviewers: neither of them alone confirms it."""

import pytest
from sqlalchemy import select

from portal.communication.notifications.models import Notification
from portal.ethics.rereviews import commands, policy, queries
from portal.ethics.rereviews.commands import TriggerReply
from portal.ethics.rereviews.models import TriggerAnswer, TriggeredReview
from portal.ethics.reviews import queries as known
from portal.ethics.reviews.models import ReviewState
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import rereviews, reviews
from tests.support.browser import words_of
from tests.support.project_file import save

NO_IMPACT = TriggerReply(TriggerAnswer.NO_IMPACT, "Déjà dit.")
PARTIAL = TriggerReply(TriggerAnswer.PARTIAL, "Un autre usage.")


@pytest.fixture
def others(project):
    return [reviews.reviewer(project) for _ in range(2)]


def answered(project, lead, *reviewers):
    about, *more = [rereviews.standing(project, by) for by in reviewers]
    trigger = rereviews.trigger(project, about)
    for review in more:
        save(TriggeredReview(project_id=project.id, trigger_id=trigger.id, review_id=review.id))
    commands.answer_trigger(lead, project, trigger, NO_IMPACT, trigger.version)
    db.session.commit()
    return trigger


def test_lists_offer_it_to_whoever_may_confirm_it(project, lead, direction, others):
    both, first = [make.actor(person) for person in others], answered(project, lead, others[0])
    shared = answered(project, lead, *others)
    actors = (*both, direction, lead)
    for trigger in (first, shared):
        concerned = [row.review for row in queries.list_concerned_reviews(trigger)]
        for actor in actors:
            may = policy.can_confirm(actor, project, trigger, concerned)
            assert (trigger in [row for row, _project in queries.list_triggers_to_confirm(actor)]) == may
            if actor is not direction and actor is not lead:
                listed = [row for row, _project in queries.list_triggers_awaiting_actor(actor)]
                assert (trigger in listed) == may
    assert [row for row, _project in queries.list_triggers_to_confirm(direction)] == [first, shared]


def test_its_page_says_that_the_lead_confirms_and_nobody_is_told_to(project, lead, others, browser_for):
    trigger = answered(project, lead, *others)
    page = browser_for(others[0]).visit(f"/projects/heron/reviews/triggers/{trigger.number}")
    assert "La direction du programme doit le confirmer" in words_of(page.main)
    alone = answered(project, lead, others[0])
    told = select(Notification).where(Notification.kind == "rereview_to_confirm")
    assert [(row.person_id, row.subject_id) for row in db.session.scalars(told)] == [(others[0].id, alone.id)]


def test_before_a_full_review_its_page_says_what_it_answers_and_why_no_partial_one_is_offered(
    project, carrier, others, browser_for
):
    about, more = map(rereviews.standing, [project] * 2, others, ("ai_act", "crpa"))
    for _ in range(2):
        trigger = rereviews.trigger(project, about, causes=["severe"])
        save(TriggeredReview(project_id=project.id, trigger_id=trigger.id, review_id=more.id))
    page = words_of(browser_for(carrier).visit("/projects/heron/reviews/triggers/2").main)
    assert "Revue partielle" not in page
    assert "La revue entière rouvre toutes les sections des revues 1, 2." in page
    assert "Elle répond aussi, en votre nom et avec la même raison, au réexamen 1." in page
    assert "ce fait touche toute la revue 1, 2." in page.replace("\xa0", " ")


def test_a_partial_review_reopens_the_touched_sections_of_one_and_the_whole_of_the_other(
    project, lead, carrier, others, browser_for
):
    about, whole = map(rereviews.standing, [project] * 2, others, ("bias", "ai_act"))
    trigger = rereviews.trigger(project, about, causes=["data_repurposed"])
    save(TriggeredReview(project_id=project.id, trigger_id=trigger.id, review_id=whole.id))
    later = rereviews.standing(project, others[1], "ai_act")  # what is reopened in place of review 2
    db.session.commit()
    browser, address = browser_for(carrier), f"/projects/heron/reviews/triggers/{trigger.number}"
    page = words_of(browser.visit(address).main)
    assert "Revue partielle" in page
    said = "La revue partielle rouvre les sections touchées de la revue 1, et toute la revue 3."
    assert said in page.replace("\xa0", " ")
    assert "La revue entière rouvre toutes les sections des revues 1, 3." in page
    rows = (about, whole, later, trigger)
    about, whole, later, trigger = (db.session.merge(row) for row in rows)
    commands.answer_trigger(lead, db.session.merge(project), trigger, PARTIAL, trigger.version)
    assert [bool(known.reload_review(review).round.sections) for review in (about, later)] == [True, False]
    assert about.state is later.state is ReviewState.DRAFT
    assert whole.state.is_decided


def test_what_a_full_review_reopens_costs_the_same_for_all_that_it_concerns(project, others, statements):
    kinds = ("ai_act", "crpa", "bias")
    rows = [rereviews.standing(project, others[0], kind) for kind in kinds]
    trigger = rereviews.trigger(project, rows[0], causes=["severe"])
    for review in rows[1:]:
        save(TriggeredReview(project_id=project.id, trigger_id=trigger.id, review_id=review.id))
    concerned = queries.list_concerned_reviews(trigger)
    statements.clear()
    assert [last for _each, last in queries.pair_reviews_to_reopen(project, concerned)] == rows
    assert len(statements) == 1
