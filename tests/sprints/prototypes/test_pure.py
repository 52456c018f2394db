"""Pure rules: verdicts on results, and parsing of subgroups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.project.framing.metric_models import MetricDirection
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure, format_subgroups, parse_subgroups
from portal.sprints.prototypes.verdict_rules import EvaluationVerdict, judge_result

UP, DOWN = MetricDirection.UP, MetricDirection.DOWN


@pytest.mark.parametrize(
    ("direction", "baseline", "threshold", "result", "standing"),
    [
        (UP, 0.5, 0.7, 0.8, EvaluationVerdict.ENOUGH),
        (UP, 0.5, 0.7, 0.7, EvaluationVerdict.ENOUGH),
        (UP, 0.5, 0.7, 0.6, EvaluationVerdict.BETTER),
        (UP, 0.5, 0.7, 0.5, EvaluationVerdict.NO_BETTER),
        (UP, 0.5, 0.7, 0.4, EvaluationVerdict.NO_BETTER),
        (DOWN, 10, 4, 3, EvaluationVerdict.ENOUGH),
        (DOWN, 10, 4, 4, EvaluationVerdict.ENOUGH),
        (DOWN, 10, 4, 7, EvaluationVerdict.BETTER),
        (DOWN, 10, 4, 10, EvaluationVerdict.NO_BETTER),
        (DOWN, 10, 4, 12, EvaluationVerdict.NO_BETTER),
        (UP, 0.5, 0.5, 0.5, EvaluationVerdict.ENOUGH),
    ],
)
def test_the_threshold_decides_then_the_baseline(direction, baseline, threshold, result, standing):
    assert judge_result(direction, baseline=baseline, threshold=threshold, result=result) is standing


def test_a_line_is_a_name_a_result_and_perhaps_a_size():
    text = "Côte ; 0,61 ; 120\n\nMontagne;0.4\nVille\t1 200,5\t1 000\n"
    assert parse_subgroups(text) == [
        SubgroupFigure("Côte", 0.61, 120),
        SubgroupFigure("Montagne", 0.4, None),
        SubgroupFigure("Ville", 1200.5, 1000),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Côte", 1),
        ("Côte;beaucoup", 1),
        ("a;1\nb;nan", 2),
        ("a;1\n\nb;1e999", 3),
        ("a;1;x", 1),
        ("a;1;2;3", 1),
        (";1", 1),
        ("a;1;99999999999", 1),
        ("a;;3", 1),
    ],
)
def test_the_first_line_that_is_none_is_named(text, line):
    with pytest.raises(ValueError, match=str(line)) as refused:
        parse_subgroups(text)
    assert refused.value.args == (line,)


names = st.text("abcé -", min_size=1, max_size=9).map(str.strip).filter(bool)
groups = st.builds(
    SubgroupFigure, names, st.floats(-1e9, 1e9, allow_nan=False), st.none() | st.integers(0, 10**9)
)


@given(st.lists(groups, max_size=6))
def test_what_is_written_is_read_again(subgroups):
    assert parse_subgroups(format_subgroups(subgroups)) == subgroups
