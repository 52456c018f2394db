"""Concurrent answers to a review, and the number of statements of its pages."""

from datetime import timedelta

from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.models import Notification
from portal.ethics.reviews import answer_commands, queries
from portal.ethics.reviews.answer_commands import AnswerInput
from portal.ethics.reviews.models import ReviewState
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from tests.support import reviews
from tests.support.hands import at_once

WRITERS = 8
R = "/projects/heron/reviews"


def test_eight_who_answer_different_questions_lose_nothing(app, project, person, member):
    reviews.opened(member, project)
    items = ["R2_1", "R2_2", "R2_3", "R2_4", "R3_1", "R3_2", "R4_1", "R4_2"]

    def act(actor, theirs, n):
        review = queries.get_review(actor, theirs, 1)
        said = {items[n]: AnswerInput("yes", f"Dit par {n}.", 1)}
        return answer_commands.save_answers(actor, theirs, review, said)

    got = at_once(app, project, person, act, WRITERS)
    assert got == [[item] for item in items]
    db.session.expire_all()
    rows = queries.get_review_with_answers(member, project, 1).rows
    assert [rows[item].note for item in items] == [f"Dit par {n}." for n in range(WRITERS)]


def test_of_eight_who_answer_one_question_one_is_kept_and_all_others_are_told(app, project, person, member):
    reviews.opened(member, project)

    def act(actor, theirs, n):
        review = queries.get_review(actor, theirs, 1)
        said = {"aim": AnswerInput(f"Dit par {n}.", "", 1 if n % 2 else 0)}
        return answer_commands.save_answers(actor, theirs, review, said)

    got = at_once(app, project, person, act, WRITERS)
    kept = [n for n, one in enumerate(got) if one == ["aim"]]
    db.session.expire_all()
    row = queries.get_review_with_answers(member, project, 1).rows["aim"]
    assert row.value in {f"Dit par {n}." for n in kept}
    assert row.version == 1 + len(kept)
    assert all(isinstance(one, answer_commands.StaleAnswersConflict) for one in got if one != ["aim"])


def test_the_longest_questionnaire_opens_and_saves_for_what_the_shortest_costs(
    project, member, browser, statements
):
    reviews.opened(member, project, "crpa")
    reviews.opened(member, project, "aia")
    held = queries.get_review_with_answers(member, project, 2)
    longest = max(held.definition.sections, key=lambda one: len(one.items))
    assert len(held.rows) > 100
    short = queries.get_review_with_answers(member, project, 1).definition.sections[0]
    asked = {1: short.items[0], 2: longest.items[0]}
    costs = []
    for number, section in ((1, short), (2, longest)):
        statements.clear()
        browser.visit(f"{R}/{number}/sections/{section.key}")
        opened, item = len(statements), asked[number]
        told = reviews.typed(item, queries.get_review_with_answers(member, project, number).rows[item.key])
        statements.clear()
        browser.with_htmx().submit(f"{R}/{number}/questions/{item.key}", **told)
        costs.append((opened, len(statements)))
    assert costs[0] == costs[1]


def test_whoever_carries_the_project_is_told_of_a_condition_that_is_late_once(app, project, lead, judge):
    bound = reviews.taken(lead, project, judge)
    owed = reviews.condition(judge, project, bound)
    reviews.decide(judge, project, bound, ReviewState.ACCEPTED_WITH_CONDITIONS)
    owed.due_on = clock.today() - timedelta(days=1)
    db.session.commit()
    with app.app_context():
        notify_due_dates(list_contributions(DueReminderSource))
        notify_due_dates(list_contributions(DueReminderSource))
    told = db.session.query(Notification).filter_by(kind="condition_due").one()
    assert (told.person_id, told.facts["number"]) == (lead.person_id, owed.number)
