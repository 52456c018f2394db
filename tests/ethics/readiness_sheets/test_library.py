"""Properties of the shipped definitions of sheets."""

import pytest

from portal.ethics.questionnaires.definition_documents import InvalidDefinition
from portal.ethics.readiness_sheets.definition_documents import (
    DEFINITIONS_FOLDER,
    SHEET_KINDS,
    get_latest_definition,
    is_about_prototype_version,
    parse_definitions_in_folder,
    read_definitions_by_kind_and_edition,
)
from portal.ethics.readiness_sheets.forms import section_form_classes
from tests.ethics.questionnaires.definition_texts import is_well_written, words_of

ALL = [one for editions in read_definitions_by_kind_and_edition().values() for one in editions.values()]


@pytest.mark.parametrize("definition", ALL, ids=lambda one: f"{one.key} {one.edition}")
def test_its_words_are_written_as_french_is_and_in_both_languages(definition):
    for words in words_of(definition):
        assert is_well_written(words), words


@pytest.mark.parametrize("definition", ALL, ids=lambda one: f"{one.key} {one.edition}")
def test_a_section_takes_a_few_minutes_and_something_is_required(definition):
    assert all(len(section.items) <= 9 for section in definition.sections)
    assert any(item.required for item in definition.items)


def test_the_ml_test_score_is_four_sections_of_seven_items_of_half_points():
    made = get_latest_definition("ml_test_score")
    assert [len(section.items) for section in made.sections] == [7, 7, 7, 7]
    weights = {tuple(choice.weight for choice in item.choices) for item in made.items}
    assert weights == {(0, 0.5, 1)}
    assert [band.up_to for band in made.score.bands] == [0, 1, 2, 3, 5, 7]
    assert all(item.required for item in made.items)


def test_what_gates_will_ask_for_is_asked():
    pack = {item.key for item in get_latest_definition("handover").items if item.required}
    wanted = {"repository", "licence", "model_card", "data_sheet", "run_book", "cost", "owner"}
    assert wanted <= pack
    exercise = {item.key for item in get_latest_definition("oversight").items if item.required}
    assert {"held_on", "roles", "agents", "override_result", "fallback_result"} <= exercise
    assert is_about_prototype_version(get_latest_definition("oversight"))
    assert not is_about_prototype_version(get_latest_definition("data_sheet"))


def test_every_section_of_every_edition_has_its_form():
    assert len(section_form_classes()) == sum(len(one.sections) for one in ALL)
    assert set(SHEET_KINDS) == read_definitions_by_kind_and_edition().keys()
    assert get_latest_definition("accessibility").edition == 2


def test_a_file_that_is_wrong_stops_the_start_by_its_name(tmp_path):
    for path in DEFINITIONS_FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "security.1.yaml").rename(tmp_path / "security.7.yaml")
    with pytest.raises(InvalidDefinition, match=r"security\.7\.yaml: is not the name of security 1"):
        parse_definitions_in_folder(tmp_path)
    (tmp_path / "security.7.yaml").unlink()
    with pytest.raises(InvalidDefinition, match="no sheet is called security"):
        parse_definitions_in_folder(tmp_path)
    (tmp_path / "security.1.yaml").write_text("key: security")
    with pytest.raises(InvalidDefinition, match=r"security\.1\.yaml:\nedition: manque"):
        parse_definitions_in_folder(tmp_path)
