"""Sums over sessions, and the same figures after the purge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.session_models import TaskOutcome
from portal.user_tests.rounds.sum_rules import (
    RoundSums,
    TaskAttempt,
    TaskSums,
    compute_scale_score,
    compute_task_figures,
    list_successful_seconds,
    pool_round_sums,
    pool_spreads,
    pool_task_sums,
    sum_attempts,
)
from portal.user_tests.statistics.interval_rules import compute_spread

did = st.builds(
    TaskAttempt,
    st.sampled_from([None, *TaskOutcome]),
    st.one_of(st.none(), st.integers(0, 5000)),
    st.one_of(st.none(), st.integers(1, 7)),
    st.one_of(st.none(), st.integers(0, 20)),
)
numbers = st.lists(st.floats(0, 100), min_size=1, max_size=30)


def test_helped_and_failed_have_tried_and_not_managed_and_not_tried_counts_nowhere():
    noted = [TaskAttempt(outcome, 60, 5, 1) for outcome in TaskOutcome] + [
        TaskAttempt(None, None, None, None)
    ]
    figures = compute_task_figures(sum_attempts(noted), list_successful_seconds(noted))
    assert (figures.completion.successes, figures.completion.n) == (1, 3)
    assert (figures.helped, figures.not_tried, figures.time.n) == (1, 1, 1)
    assert (figures.ease.n, figures.errors_count, figures.errors) == (4, 4, 4)


def test_a_scale_counts_once_it_is_whole():
    whole = dict.fromkeys(range(1, 11), 3)
    assert compute_scale_score(RoundScale.F_SUS, whole) == 50
    assert compute_scale_score(RoundScale.F_SUS, {**whole, 11: 3}) is None
    assert compute_scale_score(RoundScale.SUS, dict.fromkeys(range(1, 10), 3)) is None
    assert compute_scale_score(RoundScale.UMUX_LITE, {1: 7, 2: 7}) == 100
    assert compute_scale_score(RoundScale.NONE, {}) is None


@given(st.lists(did, max_size=25), st.randoms())
def test_figures_are_the_same_from_sums_and_in_any_order(noted, chance):
    mixed = chance.sample(noted, len(noted))
    sums = sum_attempts(noted)
    assert sum_attempts(mixed) == sums
    held, purged = compute_task_figures(sums, list_successful_seconds(noted)), compute_task_figures(sums)
    assert (held.completion, held.ease, held.errors) == (purged.completion, purged.ease, purged.errors)
    if held.time:
        assert held.time.seconds == pytest.approx(purged.time.seconds)
        assert held.time.n == purged.time.n


@given(numbers, numbers)
def test_two_spreads_joined_are_that_of_all(one, other):
    joined, whole = pool_spreads(compute_spread(one), compute_spread(other)), compute_spread(one + other)
    assert joined.n == whole.n
    assert joined.mean == pytest.approx(whole.mean, abs=1e-9)
    assert joined.deviation == pytest.approx(whole.deviation, abs=1e-6)


@given(st.lists(did, max_size=15), st.lists(did, max_size=15))
def test_what_was_purged_and_what_came_after_count_together(before, after):
    joined, whole = pool_task_sums(sum_attempts(before), sum_attempts(after)), sum_attempts(before + after)
    for name in ("successes", "helped", "failed", "not_tried", "errors", "errors_count"):
        assert getattr(joined, name) == getattr(whole, name)


def test_rounds_join_their_groups_and_their_days():
    one = RoundSums(sessions=2, groups={None: 2}, tasks={})
    other = RoundSums(sessions=1, groups={None: 1}, tasks={})
    joined = pool_round_sums(one, other)
    assert (joined.sessions, joined.groups, joined.first_on) == (3, {None: 3}, None)
    assert pool_task_sums(TaskSums(median=4.0), TaskSums()).median == 4.0
    assert pool_task_sums(TaskSums(median=4.0), TaskSums(median=9.0)).median is None
