import pytest

from portal.ethics.questionnaires.definition_rules import ScoreRule
from portal.ethics.questionnaires.score_rules import combine_section_sums, compute_score, find_band
from portal.ethics.readiness_sheets.definition_documents import get_latest_definition
from tests.ethics.questionnaires.sample_definitions import small, wide

ML = get_latest_definition("ml_test_score")
SECTIONS = ["data", "model", "infrastructure", "monitoring"]


def answers_worth(sums: list[float]) -> dict[str, str]:
    """Answers, whole points first, that give these sums in the four sections."""
    told = {}
    for section, points in zip(ML.sections, sums, strict=True):
        for item in section.items:
            value = "automated" if points >= 1 else "by_hand" if points else "nothing"
            points -= {"automated": 1, "by_hand": 0.5, "nothing": 0}[value]  # noqa: PLW2901
            told[item.key] = value
    return told


# Sums of the four sections, the score, and its band among the six of the paper.
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
    scored = compute_score(ML, answers_worth(sums))
    assert scored is not None
    assert ML.score is not None
    assert [scored.sums[key] for key in SECTIONS] == sums
    assert (scored.value, scored.most, scored.band) == (value, 7, ML.score.bands[band])
    weakest = [key for key, points in zip(SECTIONS, sums, strict=True) if points == value]
    assert [section.key for section in scored.lowest_sections(ML.sections)] == weakest


def test_what_is_not_answered_adds_nothing():
    told = answers_worth([7, 7, 7, 7])
    del told["o7"]
    scored = compute_score(ML, told)
    assert scored is not None
    assert (scored.value, scored.sums["monitoring"]) == (6, 6)
    nothing = compute_score(ML, {})
    assert nothing is not None
    assert (nothing.value, nothing.most) == (0, 7)
    assert (nothing.raw, nothing.mitigation, nothing.level) == (0, 0, 1)  # of no section


def test_a_sum_adds_all_sections_and_no_rule_adds_nothing_up():
    assert combine_section_sums(ScoreRule.SUM, [1, 0.5, 3]) == 4.5
    assert find_band((), 3) is None
    scored = compute_score(
        small(("rule: minimum", "rule: sum"), ("up_to: 1", "up_to: 2")), {"tested": "always"}
    )
    assert scored is not None
    assert (scored.value, scored.most) == (1, 2)
    assert compute_score(get_latest_definition("model_card"), {}) is None


def scored(answers: dict, *, live: bool = False, **changed: str) -> tuple:
    found = compute_score(wide(*changed.items()), answers, live=live)
    assert found is not None
    return found.raw, found.mitigation, found.value, found.level


@pytest.mark.parametrize(
    ("answers", "raw"),
    [
        ({"fields": ["a"]}, 1),
        ({"fields": ["a", "b", "c"]}, 4),
        ({"table": {"r1": ["x"], "r2": ["x", "y"]}}, 4),
        ({"words": {"r1": {"x": "Dit."}}}, 0),
        ({"fields": ["a"], "deep-1": "yes"}, 5),
        ({"deep-1": "yes"}, 0),  # hidden
        ({"phase": "item2", "deep-1": "yes"}, 4),
        ({"fields": ["nowhere"]}, 0),  # of a former edition
    ],
)
def test_all_that_was_ticked_weighs_and_what_is_hidden_does_not(answers, raw):
    assert scored(answers)[0] == raw


def test_live_what_is_hidden_weighs_too():
    told = {"deep-1": "yes", "cared": "yes", "both": ["x", "y"]}
    assert scored(told) == (0, 0, 0, 1)
    assert scored(told, live=True) == (4, 5, 3, 1)  # 3.4 of 4


def test_mitigation_takes_off_its_share_from_what_is_needed_on():
    risk = {"phase": "item1", "fields": ["a", "b"], "deep-1": "yes"}
    assert scored(risk) == (8, 0, 8, 2)
    assert scored(risk | {"both": ["y"]}) == (8, 2, 8, 2)
    assert scored(risk | {"both": ["x", "y"]}) == (8, 3, 7, 2)  # 6.8
    assert scored(risk | {"both": ["y"], "cared": "partly"}) == (8, 3, 7, 2)
    assert scored(risk | {"both": ["y"], "cared": "not_applicable"}) == (8, 2, 8, 2)


def test_the_greatest_score_and_those_of_sections_as_they_are_asked():
    found = compute_score(wide(), {"phase": "item1", "cared": "not_applicable"})
    assert found is not None
    assert found.most == 14  # of all that may be asked: fields, deep-1, the table
    assert found.greatest == {"risk": 10, "care": 3}
    assert found.sums == {"risk": 0, "care": 0}
