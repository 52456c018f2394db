"""Who is refused before anything is locked, and again once the row is locked."""

import pytest

from portal.ethics.reviews import commands, condition_commands, reviewer_commands, shared_commands
from portal.ethics.reviews.condition_commands import ConditionProof
from portal.ethics.reviews.models import ReviewState
from portal.ethics.reviews.round_queries import list_conditions
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from tests.support import factories as make
from tests.support import reviews
from tests.support.refusals import forbidden
from tests.support.trail import is_locked


@pytest.fixture
def bound(project, lead, judge):
    """A condition of an accepted review, and the review."""
    review = reviews.taken(lead, project, judge)
    reviews.condition(judge, project, review)
    reviews.decide(judge, project, review, ReviewState.ACCEPTED_WITH_CONDITIONS)
    (condition,) = list_conditions(lead, project, review)
    return condition, review


def prove(lead, project, bound):
    condition, _review = bound
    proof = ConditionProof(text="Publiée.")
    condition_commands.prove_condition(lead, project, bound, proof, condition.version)
    db.session.commit()


@pytest.mark.parametrize("command", [commands.withdraw_submission, commands.discard_review])
def test_only_who_leads_the_team_gives_a_review_up_and_only_under_way(project, lead, member, judge, command):
    review = reviews.submitted(lead, project, judge)
    for actor in (member, make.actor(judge)):
        with forbidden():
            command(actor, project, review)
    assert not is_locked(review)
    project.paused_on = clock.today()
    with forbidden():
        command(member, project, review)
    with pytest.raises(TooLate):
        command(lead, project, review)


def test_only_the_reviewer_takes_a_review_and_nobody_else_locks_it(project, lead, judge):
    review = reviews.submitted(lead, project, judge)
    other = make.actor(make.role(project.id, Role.ETHICS_REVIEWER))
    for actor in (lead, other):
        for command in (
            lambda actor=actor: reviewer_commands.take_review(actor, project, review),
            lambda actor=actor: shared_commands.lock_review_for_reviewer(actor, project, review),
        ):
            with forbidden():
                command()
    assert not is_locked(review)
    reviewer_commands.take_review(make.actor(judge), project, review)
    assert is_locked(review)


def test_a_reviewer_who_was_replaced_meanwhile_is_refused_under_the_lock(
    project, lead, judge, bound, monkeypatch
):
    condition, review = bound
    prove(lead, project, bound)
    other = make.role(project.id, Role.ETHICS_REVIEWER)
    reviewer = make.actor(judge)

    def replace_reviewer(row):
        if row is review:
            row.reviewer_id = other.id

    for module in (shared_commands, reviewer_commands, condition_commands):
        monkeypatch.setattr(module, "lock_fresh", replace_reviewer, raising=False)
    for command in (
        lambda: reviewer_commands.take_review(reviewer, project, review),
        lambda: shared_commands.lock_review_for_reviewer(reviewer, project, review),
        lambda: condition_commands.confirm_condition(reviewer, project, bound, condition.version),
    ):
        review.reviewer_id = judge.id
        db.session.commit()
        with forbidden():
            command()


def test_only_the_reviewer_confirms_and_returns_a_condition(project, lead, judge, bound):
    condition, review = bound
    prove(lead, project, bound)
    other = make.actor(make.role(project.id, Role.ETHICS_REVIEWER))
    version = condition.version
    for actor in (lead, other):
        for command in (
            lambda actor=actor: condition_commands.confirm_condition(actor, project, bound, version),
            lambda actor=actor: condition_commands.return_condition(actor, project, bound, "Où ?", version),
        ):
            with forbidden():
                command()
    assert not is_locked(review)


def test_only_the_team_of_a_project_under_way_proves_a_condition(project, lead, judge, bound):
    condition, review = bound
    proof, version = ConditionProof(text="Publiée."), condition.version
    for actor in (make.actor(judge), make.actor(make.person())):
        with forbidden():
            condition_commands.prove_condition(actor, project, bound, proof, version)
    project.paused_on = clock.today()
    db.session.commit()
    with pytest.raises(TooLate) as refused:
        condition_commands.prove_condition(lead, project, bound, proof, version)
    assert refused.value.page == "/projects/heron"
    assert not is_locked(review)
