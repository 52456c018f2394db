"""The ranking of a call: the published cases, and what no order of jurors or applications moves."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.selection.ranking.rules import (
    ApplicationScoresToRank,
    WeightedCriterion,
    compute_juror_total,
    iterate_varied_weights,
    list_ids_on_cutoff_line,
    measure_severity_by_juror,
    rank_applications,
    round_half_up,
)
from portal.selection.ranking.schemas import rank_calls_in_json_text

CASES = json.loads((Path(__file__).parent / "data/ranking_vectors.json").read_text())
HALVES = [WeightedCriterion("a", Fraction(50)), WeightedCriterion("b", Fraction(50), Fraction(5, 2))]


def scored(id_, **scores):
    """An application with the scores of each juror on both criteria."""
    return ApplicationScoresToRank(
        id_, {juror: dict(zip("ab", pair, strict=False)) for juror, pair in scores.items()}
    )


@pytest.mark.parametrize("case", CASES)
def test_a_published_case_has_its_published_answer(case):
    assert rank_calls_in_json_text(json.dumps(case["in"])) == case["out"]


def test_there_are_cases_with_ties_minima_dispersion_and_applications_that_are_not_ranked():
    lines = [line for case in CASES for line in case["out"]["applications"]]
    assert any(line["below"] for line in lines)
    assert any(line["dispersed"] for line in lines)
    assert any(line["rank"] is None and line["total"] is not None for line in lines)
    assert any(
        len(ranks) > len(set(ranks))
        for case in CASES
        for ranks in [[line["rank"] for line in case["out"]["applications"] if line["rank"]]]
    )


def test_a_criterion_without_a_score_leaves_no_total_and_no_rank():
    lines = rank_applications(
        1, HALVES, [ApplicationScoresToRank("x", {"j": {"a": 4}}), scored("y", j=(1, 1))]
    )
    assert (lines[0].total, lines[0].rank, lines[0].by_jurors) == (None, None, None)
    assert lines[1].rank == 1


def test_abstaining_on_a_criterion_is_no_score_there():
    line = rank_applications(
        2, HALVES, [ApplicationScoresToRank("x", {"j": {"a": 4, "b": 2}, "k": {"a": 5}})]
    )[0]
    assert line.total == 45 + 20
    assert line.rank is None  # one score of two on b
    assert line.below == ["b"]


def test_weights_vary_by_a_fifth_and_keep_their_sum():
    varied = list(iterate_varied_weights([Fraction(90), Fraction(10)]))
    assert varied[:2] == [[72, 28], [100, 0]]
    assert list(iterate_varied_weights([Fraction(100), Fraction(0)])) == [[100, 0], [100, 0]]
    assert list(iterate_varied_weights([Fraction(100)])) == []


def test_totals_are_rounded_half_up():
    assert round_half_up(Fraction(66665, 1000)) == 66.67
    assert round_half_up(Fraction(200, 3)) == 66.67
    assert round_half_up(Fraction(0)) == 0


def test_severity_is_the_mean_distance_to_the_other_jurors():
    applications = [
        scored("x", j=(5, 5), k=(3, 3)),
        scored("y", j=(4, 4), k=(4, 4), l=(1, 1)),
        scored("z", l=(0, 0)),
    ]
    severity = measure_severity_by_juror(HALVES, applications)
    assert severity == {"j": Fraction(40 + 30, 2), "k": Fraction(-40 + 30, 2), "l": Fraction(-60)}
    assert compute_juror_total({"a": 1}, HALVES) is None


def test_who_stands_on_the_line_of_places():
    lines = rank_applications(
        1,
        HALVES,
        [
            scored("x", j=(5, 5)),
            scored("y", j=(3, 3), k=(5, 5)),
            scored("z", j=(4, 4)),
            scored("t", j=(0, 0)),
        ],
    )
    assert list_ids_on_cutoff_line(lines, 1) == ["y"]
    assert list_ids_on_cutoff_line(lines, 3) == []
    tied = rank_applications(1, HALVES, [scored("x", j=(5, 5)), scored("y", k=(4, 4)), scored("z", k=(4, 4))])
    assert set(list_ids_on_cutoff_line(tied, 2)) == {"y", "z"}  # they share the second place of two


calls = st.lists(
    st.dictionaries(st.sampled_from("jklm"), st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4),
    min_size=1,
    max_size=9,
)


@given(calls, st.integers(1, 3), st.integers(1, 99))
def test_ranks_follow_totals_and_lie_in_their_ranges(call, needed, weight):
    criteria = [WeightedCriterion("a", Fraction(weight)), WeightedCriterion("b", Fraction(100 - weight))]
    applications = [scored(str(n), **scores) for n, scores in enumerate(call)]
    lines = rank_applications(needed, criteria, applications)
    ranked = [line for line in lines if line.rank is not None]
    assert {line.id for line in ranked} == {
        each.id for each in applications if each.scores and len(each.scores) >= needed
    }
    for line in ranked:
        assert 0 <= line.total <= 100
        assert line.rank == 1 + sum(other.total > line.total for other in ranked)
        assert line.by_jurors[0] <= line.rank <= line.by_jurors[1] <= len(ranked)
        assert line.by_weights[0] <= line.rank <= line.by_weights[1] <= len(ranked)


@given(calls, st.randoms(use_true_random=False))
def test_neither_the_order_of_applications_nor_of_jurors_moves_a_rank(call, random):
    applications = [scored(str(n), **scores) for n, scores in enumerate(call)]
    before = {line.id: line for line in rank_applications(1, HALVES, applications)}
    mixed = []
    for each in random.sample(applications, len(applications)):
        jurors = random.sample(sorted(each.scores), len(each.scores))
        mixed.append(replace(each, scores={juror: each.scores[juror] for juror in jurors}))
    assert {line.id: line for line in rank_applications(1, HALVES, mixed)} == before


@given(calls, st.integers(0, 8))
def test_a_better_score_never_costs_a_rank(call, which):
    applications = [scored(str(n), **scores) for n, scores in enumerate(call)]
    each = applications[which % len(applications)]
    if not each.scores:
        return
    better = replace(
        each, scores={j: {k: min(5, v + 1) for k, v in s.items()} for j, s in each.scores.items()}
    )
    after = [better if other is each else other for other in applications]
    [before_line] = [line for line in rank_applications(1, HALVES, applications) if line.id == each.id]
    [after_line] = [line for line in rank_applications(1, HALVES, after) if line.id == each.id]
    assert after_line.rank <= before_line.rank
