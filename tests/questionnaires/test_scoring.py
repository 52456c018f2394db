import pytest

from portal.questionnaires.definition import Rule
from portal.questionnaires.scoring import band_of, score, settle
from portal.sheets.library import LATEST
from tests.questionnaires.told import small

ML = LATEST["ml_test_score"]
SECTIONS = ["data", "model", "infrastructure", "monitoring"]


def answers_worth(sums: list[float]) -> dict[str, str]:
    """Whole points first, then a half one: what makes these sums in the four sections."""
    told = {}
    for section, points in zip(ML.sections, sums, strict=True):
        for item in section.items:
            value = "automated" if points >= 1 else "by_hand" if points else "nothing"
            points -= {"automated": 1, "by_hand": 0.5, "nothing": 0}[value]  # noqa: PLW2901
            told[item.key] = value
    return told


# Sums of the four sections, the score, and which of the paper's six readings it has.
@pytest.mark.parametrize(
    ("sums", "value", "band"),
    [
        ([0, 3, 3, 3], 0, 0),
        ([0.5, 7, 7, 7], 0.5, 1),
        ([1, 1, 1, 1], 1, 1),
        ([2, 1.5, 4, 3], 1.5, 2),
        ([2, 2, 2, 2], 2, 2),
        ([3, 3, 2.5, 7], 2.5, 3),
        ([3, 3, 3, 3], 3, 3),
        ([7, 3.5, 7, 7], 3.5, 4),
        ([5, 5, 5, 5], 5, 4),
        ([7, 7, 7, 5.5], 5.5, 5),
        ([7, 7, 7, 7], 7, 5),
    ],
)
def test_the_ml_test_score_is_the_smallest_of_four_sums(sums, value, band):
    scored = score(ML, answers_worth(sums))
    assert scored is not None
    assert ML.score is not None
    assert [scored.sums[key] for key in SECTIONS] == sums
    assert (scored.value, scored.most, scored.band) == (value, 7, ML.score.bands[band])
    weakest = [key for key, points in zip(SECTIONS, sums, strict=True) if points == value]
    assert [section.key for section in scored.lowest(ML.sections)] == weakest


def test_what_is_not_answered_adds_nothing():
    told = answers_worth([7, 7, 7, 7])
    del told["o7"]
    scored = score(ML, told)
    assert scored is not None
    assert (scored.value, scored.sums["monitoring"]) == (6, 6)
    nothing = score(ML, {})
    assert nothing is not None
    assert (nothing.value, nothing.most) == (0, 7)


def test_a_sum_adds_all_sections_and_no_rule_adds_nothing_up():
    assert settle(Rule.SUM, [1, 0.5, 3]) == 4.5
    assert band_of((), 3) is None
    scored = score(
        small(("rule: minimum", "rule: sum"), ("up_to: 1", "up_to: 2")), {"tested": "always"}
    )
    assert scored is not None
    assert (scored.value, scored.most) == (1, 2)
    assert score(LATEST["model_card"], {}) is None
