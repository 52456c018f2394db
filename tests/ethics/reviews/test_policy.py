from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.ethics.reviews import policy
from portal.ethics.reviews.models import Review, ReviewCondition, ReviewState
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
PROGRAMME = Programme(id=PROJECT.programme_id)
ME, NOW = uuid4(), datetime(2026, 3, 2, tzinfo=UTC)
MINE, SINE = PROJECT.id, PROJECT.programme_id
PLACES = (MINE, SINE, uuid4())
TEAM = {(Role.TEAM_MEMBER, MINE), (Role.TEAM_LEAD, MINE)}
CARRIER, DIRECTION = (Role.TEAM_LEAD, MINE), (Role.PROGRAMME_LEAD, SINE)
REVIEWER = (Role.ETHICS_REVIEWER, MINE)


def review(state, **given):
    return Review(state=state, **{"reviewer_id": ME} | given)


def condition(**given):
    return ReviewCondition(**{"decided_at": NOW} | given)


DRAFT, GIVEN, IN_REVIEW = (
    review(ReviewState.DRAFT),
    review(ReviewState.SUBMITTED),
    review(ReviewState.IN_REVIEW),
)
BOUND, REFUSED = review(ReviewState.ACCEPTED_WITH_CONDITIONS), review(ReviewState.REFUSED)
PROVED = condition(proved_at=NOW)
ACTION_LABELS = {
    "open": (policy.can_open, TEAM | {DIRECTION}),
    "answer": (lambda a, p: policy.can_answer(a, p, DRAFT), TEAM),
    "submit": (lambda a, p: policy.can_submit(a, p, DRAFT), {CARRIER}),
    "withdraw": (lambda a, p: policy.can_withdraw(a, p, GIVEN), {CARRIER}),
    "discard": (lambda a, p: policy.can_discard(a, p, DRAFT), {CARRIER}),
    "choose": (lambda a, p: policy.can_choose_reviewer(a, p, DRAFT), {DIRECTION}),
    "take": (lambda a, p: policy.can_take(a, p, GIVEN), {REVIEWER}),
    "review": (lambda a, p: policy.can_review(a, p, IN_REVIEW), {REVIEWER}),
    "opinions": (lambda a, p: policy.can_read_opinions(a, p, IN_REVIEW), {REVIEWER}),
    "prove": (lambda a, p: policy.can_prove_condition(a, p, condition()), TEAM),
    "confirm": (lambda a, p: policy.can_confirm_condition(a, p, BOUND, PROVED), {REVIEWER}),
    "reopen": (lambda a, p: policy.can_reopen(a, p, REFUSED), {CARRIER, REVIEWER, DIRECTION}),
    "register": (
        lambda a, _p: policy.can_read_register(a, PROGRAMME),
        {DIRECTION, (Role.ETHICS_REVIEWER, SINE), (Role.OBSERVER, SINE)},
    ),
    "know who reviews": (
        lambda a, _p: policy.can_see_reviewers(a, PROGRAMME),
        {DIRECTION, (Role.ETHICS_REVIEWER, SINE)},
    ),
}


def holding(*held) -> Actor:
    return Actor(ME, {where: frozenset({role}) for role, where in held})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", ACTION_LABELS)
def test_who_may(deed, role):
    may, expected = ACTION_LABELS[deed]
    for where in PLACES:
        assert may(holding((role, where)), PROJECT) is ((role, where) in expected)


@pytest.mark.parametrize("deed", ["open", "answer", "submit", "prove", "withdraw", "discard"])
def test_the_team_rests_with_its_project(deed):
    assert not ACTION_LABELS[deed][0](holding(CARRIER), STOPPED)


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH])
def test_a_reviewer_who_is_involved_is_none(role):
    both = Actor(ME, {MINE: frozenset({Role.ETHICS_REVIEWER, role})})
    assert not policy.is_reviewer(both, PROJECT, IN_REVIEW)
    assert not policy.can_review(both, PROJECT, IN_REVIEW)
    assert not policy.can_take(both, PROJECT, GIVEN)
    assert not policy.can_confirm_condition(both, PROJECT, BOUND, PROVED)


def test_another_reviewer_of_the_project_decides_nothing():
    other = review(ReviewState.IN_REVIEW, reviewer_id=uuid4())
    assert not policy.can_review(holding(REVIEWER), PROJECT, other)


@pytest.mark.parametrize("state", ReviewState)
def test_each_deed_has_its_state(state):
    one, carrier, judge = review(state), holding(CARRIER), holding(REVIEWER)
    assert policy.can_answer(carrier, PROJECT, one) is (state is ReviewState.DRAFT)
    assert policy.can_discard(carrier, PROJECT, one) is (state is ReviewState.DRAFT)
    assert policy.can_withdraw(carrier, PROJECT, one) is (state is ReviewState.SUBMITTED)
    assert policy.can_take(judge, PROJECT, one) is (state is ReviewState.SUBMITTED)
    assert policy.can_review(judge, PROJECT, one) is (state is ReviewState.IN_REVIEW)
    assert policy.can_reopen(carrier, PROJECT, one) is state.is_decided
    waits = state not in {ReviewState.ACCEPTED, ReviewState.REFUSED}
    assert policy.can_choose_reviewer(holding(DIRECTION), PROJECT, one) is waits


def test_what_was_given_away_or_given_up_once_is_not_discarded():
    given, gone = (review(ReviewState.DRAFT, submitted_at=NOW), review(ReviewState.DRAFT, discarded_at=NOW))
    assert not policy.can_discard(holding(CARRIER), PROJECT, given)
    for may in (policy.can_discard, policy.can_answer, policy.can_submit):
        assert not may(holding(CARRIER), PROJECT, gone)
    assert not policy.can_choose_reviewer(holding(DIRECTION), PROJECT, gone)


def test_a_condition_is_proved_once_signed_and_until_confirmed():
    team = holding(CARRIER)
    assert not policy.can_prove_condition(team, PROJECT, ReviewCondition())
    assert not policy.can_prove_condition(team, PROJECT, condition(proved_at=NOW, confirmed_at=NOW))
    assert not policy.can_confirm_condition(holding(REVIEWER), PROJECT, BOUND, condition())
