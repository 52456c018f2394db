"""The level of a risk and the matrix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ethics.risks.level_rules import SCALE_STEPS, RiskLevel, find_level
from portal.ethics.risks.matrix_rules import build_matrix
from portal.ethics.risks.models import Risk

steps = st.sampled_from(SCALE_STEPS)
ORDER = list(RiskLevel)
# A row per severity from 4 to 1, with likelihood from 1 to 4, as on the page.
DRAWN = ("MHHH", "LMHH", "LMMH", "LLLM")


def test_the_whole_matrix_is_as_it_is_drawn():
    drawn = tuple(
        "".join(find_level(one, severity).value[0].upper() for one in SCALE_STEPS)
        for severity in reversed(SCALE_STEPS)
    )
    assert drawn == DRAWN


@given(steps, steps)
def test_likelihood_and_severity_weigh_the_same(one, other):
    assert find_level(one, other) is find_level(other, one)


@given(steps, steps, steps)
def test_more_of_either_is_never_less_of_a_risk(one, more, other):
    least, most = sorted((one, more))
    assert ORDER.index(find_level(least, other)) <= ORDER.index(find_level(most, other))


@pytest.mark.parametrize("off", [0, 5, -1])
def test_off_the_scale_there_is_no_level(off):
    with pytest.raises(ValueError, match="off the scale"):
        find_level(off, 2)
    with pytest.raises(ValueError, match="off the scale"):
        find_level(2, off)


@given(st.lists(st.tuples(steps, steps, st.none() | st.tuples(steps, steps)), max_size=30))
def test_each_risk_stands_once_where_its_steps_say(told):
    risks = [
        Risk(
            number=number,
            likelihood=likelihood,
            severity=severity,
            residual_likelihood=left and left[0],
            residual_severity=left and left[1],
        )
        for number, (likelihood, severity, left) in enumerate(told)
    ]
    for before in (True, False):
        rows = build_matrix(risks, is_initial=before)
        assert [row.severity for row in rows] == [4, 3, 2, 1]
        found = {
            risk.number: (cell.likelihood, row.severity)
            for row in rows
            for cell in row.cells
            for risk in cell.risks
        }
        expected = {
            number: (likelihood, severity) if before or left is None else left
            for number, (likelihood, severity, left) in enumerate(told)
        }
        assert found == expected
        assert sum(len(cell.risks) for row in rows for cell in row.cells) == len(risks)
