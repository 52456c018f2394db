"""Properties of the built-in questionnaires."""

import re

import pytest

from portal.ethics.questionnaires import library_documents
from portal.ethics.questionnaires.definition_documents import InvalidDefinition
from portal.ethics.questionnaires.definition_rules import (
    BilingualText,
    MatrixCellContent,
    Questionnaire,
    QuestionnaireItemKind,
)
from portal.ethics.questionnaires.library_documents import (
    FACT_TRAITS,
    find_built_in_by_name,
    list_built_in_questionnaires,
    map_built_in_paths,
)
from portal.ethics.questionnaires.score_rules import compute_conclusion, compute_score
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from tests.ethics.questionnaires.definition_texts import is_well_written, words_of

NAMES = ["ai_act-1", "ai_act-2", "aia-1.0.1", "bias-1", "crpa-1", "explanations-1", "exposure-1", "framing-1"]


def named(name: str) -> Questionnaire:
    found = find_built_in_by_name(name)
    assert found is not None
    return found


def test_built_in_editions_are_found_by_name():
    assert sorted(one.name for one in list_built_in_questionnaires()) == NAMES
    assert find_built_in_by_name("aia") is named("aia-1.0.1")
    assert find_built_in_by_name("ai_act") is named("ai_act-2")
    assert [find_built_in_by_name(one) for one in ("aia-1", "nothing", "aia-", "")][:2] == [None, None]


@pytest.mark.parametrize("name", NAMES)
def test_its_words_are_written_as_french_is_and_in_both_languages(name):
    for words in words_of(named(name)):
        assert is_well_written(words), words


@pytest.mark.parametrize("name", NAMES)
def test_something_is_required_and_the_source_is_named(name):
    of = named(name)
    assert any(item.required for item in of.items)
    assert of.source.fr
    assert {trait for one in of.sections for trait in one.traits} <= {*FACT_TRAITS}
    assert all(one.traits for one in of.sections)  # so that a changed fact finds the sections it touches


def test_questions_of_one_questionnaire_are_not_asked_twice():
    for of in list_built_in_questionnaires():
        told = [str(item.label) for item in of.items if not of.section_of(item).when]
        assert len(told) == len(set(told)), of.name


def test_nothing_is_read_before_somebody_asks(monkeypatch):
    library_documents.map_built_in_paths.cache_clear()
    monkeypatch.setattr(
        library_documents, "_parse_cached_definition", lambda _text: pytest.fail("a file was read")
    )
    assert set(map_built_in_paths()) >= {("aia", 1), ("framing", 1)}


def test_a_file_that_is_wrong_says_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(library_documents, "DEFINITIONS_FOLDER", tmp_path)
    library_documents.map_built_in_paths.cache_clear()
    text = built_in_text("crpa")
    (tmp_path / "crpa.2.yaml").write_text(text)
    (tmp_path / "wrong.1.yaml").write_text("key: wrong")
    try:
        with pytest.raises(InvalidDefinition, match=r"crpa\.2\.yaml: is not the name of crpa 1"):
            library_documents.find_built_in_source("crpa", 2)
        with pytest.raises(InvalidDefinition, match=r"wrong\.1\.yaml:\nedition: manque"):
            library_documents.find_built_in_source("wrong", 1)
        assert library_documents.find_built_in_source("crpa", 3) is None
    finally:
        library_documents.map_built_in_paths.cache_clear()


def built_in_text(key: str) -> str:
    monkey = library_documents.Path(library_documents.__file__).parent / "definitions" / f"{key}.1.yaml"
    return monkey.read_text()


# Source: the programme's own questionnaire of October 2020.
def test_the_bias_questionnaire_has_the_sections_of_the_programme_s():
    of = named("bias-1")
    counts = {
        one.key: (
            sum(item.under is None for item in one.items if item.key != "persons"),
            sum(item.under is not None for item in one.items),
        )
        for one in of.sections
    }
    assert counts == {
        "preliminary": (3, 0),
        "data": (6, 0),
        "fairness": (1, 3),
        "algorithm": (6, 2),
        "responsibility": (4, 2),
    }
    assert sum(own for own, _under in counts.values()) == 20
    assert sum(under for _own, under in counts.values()) == 7
    for words in (of.source.fr, of.source.en):
        assert "AMI IA" in words
        assert "2020" in words
        assert re.search("Licence Ouverte 2.0|Open Licence 2.0", words)
    assert compute_score(of, {}) is None


def test_groups_are_asked_about_where_people_are_affected():
    of = named("bias-1")
    data = of.section("data")
    assert data is not None
    asked = {item.key for item in list_visible_items(of, data, {"persons": "yes"})}
    assert asked - {item.key for item in list_visible_items(of, data, {"persons": "no"})} == {"D5"}


def test_the_explanation_matrix_crosses_five_actors_and_seven_goals():
    needs = named("explanations-1").item("needs")
    assert needs is not None
    assert (needs.kind, needs.cells, len(needs.rows), len(needs.choices)) == (
        QuestionnaireItemKind.MATRIX,
        MatrixCellContent.TICK,
        5,
        7,
    )
    system = named("explanations-1").section("system")
    assert system is not None
    assert len(system.items) == 7


@pytest.mark.parametrize("name", ["framing-1", "exposure-1"])
def test_a_review_covers_the_seven_requirements_and_their_nineteen_parts(name):
    of = named(name)
    parts = {"R1": 2, "R2": 4, "R3": 2, "R4": 3, "R5": 3, "R6": 3, "R7": 2}
    assert [one.key for one in of.sections] == ["stakes", *parts]
    for key, n in parts.items():
        section = of.section(key)
        assert section is not None
        own = {item.key for item in section.items if item.under is None}
        assert own >= {f"{key}_{part}" for part in range(1, n + 1)}
        assert all(item.says_why for item in section.items if item.kind is QuestionnaireItemKind.ASSESSED)
    assert named("framing-1").traits == {"framing"}
    assert named("exposure-1").traits == {"exposure"}


@pytest.mark.parametrize("name", ["framing-1", "exposure-1"])
def test_the_level_says_what_is_at_stake_and_nothing_lowers_it(name):
    of = named(name)
    slight = {"exposure": "agents", "role": "inform", "decision": "no", "personal": "no"}
    slight |= {"fragile": "no", "severity": "slight", "scale": "few"}
    grave = {"exposure": "citizens", "role": "alone", "decision": "yes", "personal": "yes"}
    grave |= {"sensitive": "yes", "fragile": "yes", "severity": "grave", "scale": "mass"}
    cared = {item.key: "yes" for item in of.items if item.kind is QuestionnaireItemKind.ASSESSED}
    middle = slight | {"exposure": "citizens", "decision": "yes", "personal": "yes"}
    for answers, value, level in ((slight, 0, 1), (middle, 8, 2), (grave, 22, 3)):
        for told in (answers, answers | cared):
            scored = compute_score(of, told)
            assert scored is not None
            assert (scored.value, scored.most, scored.level) == (value, 22, level)
    assert "mitigations" in {duty.key for duty in compute_conclusion(of, grave).duties}
    assert "dpia" in {duty.key for duty in compute_conclusion(of, grave).duties}
    assert [duty.key for duty in compute_conclusion(of, slight).duties] == ["ai_act"]


def test_what_is_not_applicable_counts_neither_for_nor_against():
    of = named("framing-1")
    scored = compute_score(of, {"R6_1": "not_applicable", "R6_2": "yes", "R6_3": "no"})
    assert scored is not None
    assert (scored.sums["R6"], scored.greatest["R6"]) == (2, 4)


def test_words_of_a_questionnaire_are_all_its_words():
    told = {words.en for words in words_of(named("crpa-1"))}
    assert {"The mention is due", "The four conditions", "Article L. 312-1-3"} <= told
    assert BilingualText("", "") not in words_of(named("crpa-1"))
