"""The workflow of a review between its team and an independent reviewer."""

import json

import pytest
import sqlalchemy as sa

from portal.ethics.reviews import (
    answer_commands,
    commands,
    condition_commands,
    queries,
    reviewer_commands,
    reviewer_queries,
    round_queries,
)
from portal.ethics.reviews.answer_commands import AnswerInput, StaleAnswersConflict
from portal.ethics.reviews.condition_commands import ConditionProof
from portal.ethics.reviews.models import ReviewState
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken, TooLate
from portal.project.projects.commands import assign_coach, assign_reviewer
from portal.project.projects.queries import list_tracks
from tests.support import factories as make
from tests.support import reviews
from tests.support.refusals import forbidden
from tests.support.trail import audited_actions


def deeds():
    return [name for name in audited_actions() if name.startswith(("review.", "condition."))]


def opinion(reviewer, project, review, section, **given):
    usual = {"reasons": "Il manque la source.", "lacks": True, "expected_version": 0}
    reviewer_commands.write_opinion(reviewer, project, review, section, **usual | given)


def test_a_review_goes_round_until_it_is_accepted_with_conditions_that_are_proved(
    project, lead, member, direction, judge
):
    reviewer, review = make.actor(judge), reviews.opened(member, project)
    with pytest.raises(RuleBroken):
        commands.submit_review(lead, project, review)
    reviews.answered(member, project, review)
    with forbidden():
        commands.submit_review(member, project, review)
    commands.submit_review(lead, project, review)
    with forbidden():
        reviewer_commands.take_review(reviewer, project, review)
    commands.choose_reviewer(direction, project, review, judge)
    reviewer_commands.take_review(reviewer, project, review)
    reviewer_commands.take_review(reviewer, project, review)
    opinion(reviewer, project, review, "R1")
    reviewer_commands.request_more(reviewer, project, review, "Précisez R1.")
    assert review.state is ReviewState.DRAFT
    held = queries.reload_review(review)
    assert held.open_sections == {"R1"}
    row, other = held.rows["R1_1"], held.rows["aim"]
    again = {"R1_1": AnswerInput("no", "Non, pas encore.", row.version)}
    with pytest.raises(TooLate):
        answer_commands.save_answers(
            member, project, review, {"aim": AnswerInput("Autre.", "", other.version)}
        )
    assert answer_commands.save_answers(member, project, review, again) == ["R1_1"]
    commands.submit_review(lead, project, review)
    reviewer_commands.take_review(reviewer, project, review)
    reviews.condition(judge, project, review)
    assert round_queries.list_conditions(member, project, review) == []
    with pytest.raises(RuleBroken):
        reviewer_commands.decide_review(reviewer, project, review, ReviewState.ACCEPTED, "Oui.")
    decision = reviews.decide(judge, project, review, ReviewState.ACCEPTED_WITH_CONDITIONS)
    assert decision.content["answers"]["R1_1"] == "no"
    assert decision.answered == decision.question_count
    first, second = reversed(round_queries.list_rounds(member, project, review))
    assert first.round.answers["R1_1"] == "yes"
    assert first.opinions["R1"].lacks
    assert second.decision is decision
    of = (round_queries.list_conditions(member, project, review)[0], review)
    with pytest.raises(RuleBroken):
        condition_commands.prove_condition(member, project, of, ConditionProof(), of[0].version)
    condition_commands.prove_condition(member, project, of, ConditionProof(text="Publiée."), of[0].version)
    condition_commands.return_condition(reviewer, project, of, "Où donc ?", of[0].version)
    link = ConditionProof(link="https://demo.example/regle")
    condition_commands.prove_condition(member, project, of, link, of[0].version)
    condition_commands.confirm_condition(reviewer, project, of, of[0].version)
    with pytest.raises(TooLate):
        condition_commands.prove_condition(member, project, of, link, of[0].version)
    commands.reopen_review(lead, project, review, ["R2"], "Une source de plus.")
    assert (review.state, review.round) == (ReviewState.DRAFT, 3)
    assert queries.reload_review(review).open_sections == {"R2"}
    assert round_queries.list_rounds(lead, project, review)[1].decision is decision
    assert deeds() == [
        "review.opened",
        "review.answered",
        "review.submitted",
        "review.reviewer_chosen",
        "review.taken",
        "review.opinion_written",
        "review.more_asked",
        "review.answered",
        "review.submitted",
        "review.taken",
        "review.accepted_with_conditions",
        "condition.proved",
        "condition.returned",
        "condition.proved",
        "condition.confirmed",
        "review.reopened",
    ]


def test_the_trail_keeps_no_answer(project, member, reviewer):
    review = reviews.opened(member, project)
    reviews.answered(member, project, review, aim="Trier des lettres secrètes.")
    for line in db.session.query(AuditEvent):
        told = json.dumps([line.facts, line.before, line.after], ensure_ascii=False)
        assert "secrètes" not in told


def test_a_stale_answer_keeps_nothing_of_what_was_sent_with_it(project, member, lead):
    review = reviews.opened(member, project)
    seen = {key: row.version for key, row in queries.reload_review(review).rows.items()}

    def say(actor, **texts):
        told = {key: AnswerInput(text, "", seen[key]) for key, text in texts.items()}
        return answer_commands.save_answers(actor, project, review, told)

    say(member, aim="L’une.")
    db.session.commit()
    say(member, aim="L’une.")
    with pytest.raises(StaleAnswersConflict) as refused:
        say(lead, aim="L’autre.", exposure="citizens")
    assert refused.value.items == ["aim"]
    db.session.rollback()
    rows = queries.reload_review(review).rows
    assert (rows["aim"].value, rows["exposure"].value) == ("L’une.", None)
    assert rows["aim"].answered_by_id == member.person_id
    say(lead, exposure="citizens")
    assert queries.reload_review(review).answers == {"aim": "L’une.", "exposure": "citizens"}
    with pytest.raises(RuleBroken) as wrong:
        say(lead, role="emperor")
    assert wrong.value.field == "a_role"


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COACH])
def test_who_is_on_the_team_or_coaches_it_never_reviews_it(project, lead, direction, role):
    inside = make.role(project.programme_id, Role.ETHICS_REVIEWER)
    make.role(project.id, role, inside)
    review = reviews.submitted(lead, project)
    with pytest.raises(RuleBroken) as refused:
        commands.choose_reviewer(direction, project, review, inside)
    assert refused.value.field == "person"
    with pytest.raises(RuleBroken):
        assign_reviewer(direction, project, inside)
    assert [one.is_involved for one in reviewer_queries.list_reviewer_candidates(project)] == [True]


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COACH])
def test_who_becomes_involved_decides_no_more_and_the_review_is_flagged(
    project, lead, direction, judge, role
):
    review = reviews.taken(lead, project, judge)
    reviews.condition(judge, project, review)
    make.role(project.id, role, judge)
    now = make.actor(judge)
    for deed in (
        lambda: reviewer_commands.take_review(now, project, review),
        lambda: reviewer_commands.decide_review(now, project, review, ReviewState.REFUSED, "Non."),
        lambda: reviewer_commands.request_more(now, project, review, "Plus."),
        lambda: opinion(now, project, review, "R1"),
    ):
        with forbidden() as refused:
            deed()
        assert "coach" in str(refused.value)
    found = queries.find_reviewer(review)
    assert (found.is_flagged, found.is_involved) == (True, True)
    another = make.role(project.programme_id, Role.ETHICS_REVIEWER)
    commands.choose_reviewer(direction, project, review, another)
    assert review.state is ReviewState.SUBMITTED
    reviewer_commands.take_review(make.actor(another), project, review)
    stranger = make.person()
    with pytest.raises(NotFound):
        commands.choose_reviewer(direction, project, review, stranger)


def test_nobody_becomes_coach_of_what_they_review(project, lead, direction, judge):
    reviews.taken(lead, project, judge)
    make.role(project.programme_id, Role.COACH, judge)
    with pytest.raises(RuleBroken):
        assign_coach(direction, project, judge, list_tracks(project)[0])


def test_nobody_reviews_their_own_answers(project, lead, direction):
    once_inside = make.role(project.id, Role.TEAM_MEMBER)
    review = reviews.opened(lead, project)
    reviews.answered(make.actor(once_inside), project, review)
    for held in db.session.query(make.RoleAssignment).filter_by(person_id=once_inside.id):
        db.session.delete(held)
    make.role(project.programme_id, Role.ETHICS_REVIEWER, once_inside)
    with pytest.raises(RuleBroken):
        commands.choose_reviewer(direction, project, review, once_inside)
    make.role(project.id, Role.ETHICS_REVIEWER, once_inside)
    commands.submit_review(lead, project, review)
    review.reviewer_id = once_inside.id  # assigned before they wrote an answer
    with forbidden(match="écrit des réponses"):
        reviewer_commands.take_review(make.actor(once_inside), project, review)


def test_a_signed_decision_is_held_by_the_database(project, lead, judge):
    decision = reviews.decide(judge, project, reviews.taken(lead, project, judge), ReviewState.REFUSED)
    for change in ("UPDATE review_decision SET reasons = 'Autre.'", "DELETE FROM review_decision"):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            db.session.execute(sa.text(change))
        db.session.rollback()
    assert len(decision.fingerprint) == 64


def test_one_review_of_a_questionnaire_is_under_way_and_the_next_begins_with_its_answers(
    project, lead, member, judge
):
    review = reviews.submitted(lead, project, judge)
    with pytest.raises(RuleBroken):
        reviews.opened(member, project)
    reviewer_commands.take_review(make.actor(judge), project, review)
    reviews.decide(judge, project, review, ReviewState.REFUSED)
    after = reviews.opened(member, project)
    held = queries.reload_review(after)
    assert held.answers == queries.reload_review(review).answers
    assert held.rows["aim"].answered_by_id == lead.person_id
    assert after.reviewer_id == judge.id
    with pytest.raises(RuleBroken):
        commands.reopen_review(lead, project, review, [], "Encore.")


def test_what_was_submitted_comes_back_until_somebody_takes_it(project, lead, member, judge):
    review = reviews.submitted(lead, project, judge)
    with forbidden():
        commands.withdraw_submission(member, project, review)
    commands.withdraw_submission(lead, project, review)
    assert (review.state, review.submitted_at) == (ReviewState.DRAFT, None)
    held = queries.reload_review(review)
    assert (held.round.number, held.round.submitted_at, held.round.answers) == (1, None, None)
    said = {"aim": AnswerInput("Autrement.", "", held.rows["aim"].version)}
    assert answer_commands.save_answers(member, project, review, said) == ["aim"]
    commands.submit_review(lead, project, review)
    reviewer_commands.take_review(make.actor(judge), project, review)
    with pytest.raises(TooLate):
        commands.withdraw_submission(lead, project, review)
    assert "review.withdrawn" in deeds()


def test_a_draft_that_is_given_up_stays_to_be_read_and_leaves_its_place(project, lead, member, judge):
    gone = reviews.answered(lead, project, reviews.opened(member, project))
    with forbidden():
        commands.discard_review(member, project, gone)
    commands.discard_review(lead, project, gone)
    for too_late in (commands.discard_review, commands.submit_review):
        with pytest.raises(TooLate):
            too_late(lead, project, gone)
    after = reviews.opened(member, project)
    assert not queries.reload_review(after).answers  # none of a discarded review
    reviews.answered(lead, project, after)
    commands.submit_review(lead, project, after)
    with pytest.raises(TooLate):
        commands.discard_review(lead, project, after)
    assert [one.number for one, _edition in queries.list_reviews(member, project)] == [2, 1]
    assert queries.reload_review(gone).answers["aim"] == "Dit."


def test_answers_come_from_a_file_and_what_it_does_not_name_stays(project, member):
    review = reviews.opened(member, project)
    reviews.answered(member, project, review)
    given = {"aim": "Lire.", "role": "emperor", "nobody": "x", "severity_note": "Peu."}
    filed = answer_commands.import_answers(member, project, review, given)
    assert (filed.unknown, filed.misfits) == (["nobody"], ["role"])
    assert (filed.saved, filed.closed) == (["aim", "severity"], [])
    answers = queries.reload_review(review).answers
    assert (answers["aim"], answers["severity_note"]) == ("Lire.", "Peu.")
    assert answers["role"] == "inform"
    with pytest.raises(RuleBroken):
        answer_commands.import_answers(member, project, review, {"nobody": "x"})
    queries.reload_review(review).round.sections = ["R3"]
    again = answer_commands.import_answers(member, project, review, {"aim": "Autre.", "role": "inform"})
    assert (again.saved, again.closed) == ([], ["aim"])
    assert queries.reload_review(review).answers["aim"] == "Lire."
