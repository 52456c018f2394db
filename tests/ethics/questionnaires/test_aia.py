"""Canada's Algorithmic Impact Assessment, against vectors computed by the original program."""

import json
from pathlib import Path

import pytest

from portal.ethics.questionnaires.answer_documents import parse_answers
from portal.ethics.questionnaires.definition_rules import (
    Questionnaire,
    QuestionnaireItemKind,
    RiskOrMitigation,
)
from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from portal.ethics.questionnaires.score_rules import (
    ScoreResult,
    apply_relief,
    compute_conclusion,
    compute_score,
)
from portal.ethics.questionnaires.visibility_rules import leave_out_hidden_answers, list_visible_items

FOUND = json.loads((Path(__file__).parent / "aia_vectors.json").read_text())
IDS, VECTORS = FOUND["ids"], FOUND["vectors"]
# Math.round(0.85 × raw), where floats or banker's rounding would differ.
HALVES = {10: 9, 30: 26, 50: 43, 70: 60, 90: 77, 110: 94, 130: 111, 150: 128}


@pytest.fixture(scope="module")
def aia() -> Questionnaire:
    found = find_built_in_by_name("aia-1.0.1")
    assert found is not None
    return found


def given(vector: dict) -> dict:
    told = zip(IDS, vector["answers"], strict=True)
    return {key: answer for key, answer in told if answer is not None}


def four(scored: ScoreResult | None) -> list:
    assert scored is not None
    return [scored.raw, scored.mitigation, scored.value, scored.level]


def test_all_114_answers_of_the_original_come_to_what_it_gave_live_and_completed(aia):
    assert len({vector["id"] for vector in VECTORS}) == 114
    keys = ["aboutData" if key == "aboutDataSource" else key for key in FOUND["sections"]]
    for vector in VECTORS:
        taken = parse_answers(aia, given(vector))
        assert not taken.unknown, vector["id"]
        assert not taken.misfits, vector["id"]
        live = compute_score(aia, taken.answers, live=True)
        assert four(live) == vector["live"], vector["id"]
        assert four(compute_score(aia, taken.answers)) == vector["completed"], vector["id"]
        assert live is not None
        assert [live.sums[key] for key in keys] == vector["sums"], vector["id"]
        assert [live.greatest[key] for key in keys] == FOUND["greatest"]


def test_what_is_dropped_on_completion_is_what_the_original_drops(aia):
    for vector in VECTORS:
        answers = parse_answers(aia, given(vector)).answers
        dropped = {IDS[at] for at in vector["dropped"]}
        asked = {key for key in dropped if aia.item(key)}
        assert {*answers} - {*leave_out_hidden_answers(aia, answers)} == asked, vector["id"]
        assert dropped - asked <= aia.passed_over


def test_live_and_completed_differ_where_answers_of_the_other_phase_are_left_over(aia):
    assert sum(vector["live"] != vector["completed"] for vector in VECTORS) > 20
    assert {vector["completed"][3] for vector in VECTORS} == {1, 2, 3, 4}


def test_it_asks_what_the_original_asks_under_the_same_names(aia):
    scored = {item.key for item in aia.items} - {"projectDetailsPhase"}
    assert len(scored) == 160
    assert scored == {*IDS} - {"projectDetailsPhase"} - aia.passed_over
    greatest = {
        part: sum(item.max_weight for one in aia.sections if one.part is part for item in one.items)
        for part in RiskOrMitigation
    }
    assert greatest == {RiskOrMitigation.RISK: 167, RiskOrMitigation.MITIGATION: 2 * 77}


def test_the_longest_way_through_it_shows_115_questions(aia):
    answers = {"projectDetailsPhase": "item1"}
    for item in aia.items:
        if item.key != "projectDetailsPhase":
            best = [choice.value for choice in item.choices if choice.value.startswith("item1")]
            answers[item.key] = best[:1] if item.kind is QuestionnaireItemKind.SEVERAL else best[0]
    asked = [item.key for one in aia.sections for item in list_visible_items(aia, one, answers)]
    assert len(asked) == 115


def test_every_weight_is_the_number_at_the_end_of_its_value(aia):
    for item in aia.items:
        for choice in item.choices:
            _name, dash, weight = choice.value.partition("-")
            assert choice.weight == (int(weight) if dash else 0), (item.key, choice.value)


def test_half_a_point_is_rounded_up(aia):
    relief = aia.score.relief
    assert {raw: apply_relief(raw, 62, relief) for raw in HALVES} == HALVES
    assert [apply_relief(10, mitigation, relief) for mitigation in (61, 61.5, 61.6, 77)] == [10, 10, 9, 9]
    assert apply_relief(10, 0, None) == 10


@pytest.mark.parametrize(
    ("value", "level"), [(0, 1), (41, 1), (42, 2), (83, 2), (84, 3), (125, 3), (126, 4), (142, 4), (167, 4)]
)
def test_a_level_is_a_quarter_of_167_points(aia, value, level):
    bands = aia.score.bands
    assert next(n for n, band in enumerate(bands, 1) if value <= band.up_to) == level


@pytest.mark.parametrize(
    ("vector", "duties"),
    [
        ("empty", {"notice", "explanation", "training", "oversight", "approval_assistant"}),
        (
            "design-raw-max-mit-max",
            {
                "notice_with_link",
                "explanation_of_refusals",
                "two_reviewers",
                "gba_plus",
                "recurring_training",
                "human_decision",
                "approval_board",
            },
        ),
    ],
)
def test_each_level_has_its_duties(aia, vector, duties):
    answers = next(one for one in VECTORS if one["id"] == vector)
    found = compute_conclusion(aia, parse_answers(aia, given(answers)).answers)
    assert {duty.key for duty in found.duties} == duties


def test_each_of_the_seven_families_has_one_duty_a_level_or_none(aia):
    families = {str(duty.title) for duty in aia.duties}
    assert len(families) == 7
    for level in (1, 2, 3, 4):
        told = [str(duty.title) for duty in aia.duties if level in duty.levels]
        assert len(told) == len(set(told)) == (5 if level == 1 else 7)


def test_it_says_that_it_binds_to_nothing_here(aia):
    assert "comparison" in aia.traits
    assert "MIT" in aia.source.en
    assert "comparer" in aia.about.fr
