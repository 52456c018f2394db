"""The definitions of readiness sheets: every edition, parsed lazily from the YAML files.

A file's name ends in its edition (`model_card.1.yaml`); a released file never changes, since teams
have answered it. A change is a file with the next number.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire, find_latest_edition

DEFINITIONS_FOLDER = Path(__file__).parent / "definitions"

# In the order of the list of sheets.
SHEET_KINDS = (
    "data_sheet",
    "model_card",
    "ml_test_score",
    "oversight",
    "accessibility",
    "security",
    "handover",
)
ABOUT_A_VERSION = "about_a_version"  # it is about one version of the prototype
STARTS_BLANK = "starts_blank"  # a new sheet takes no answers from the last one
TRAITS = frozenset({ABOUT_A_VERSION, STARTS_BLANK})


def parse_definitions_in_folder(
    folder: Path = DEFINITIONS_FOLDER,
) -> Mapping[str, Mapping[int, Questionnaire]]:
    """Parse all files; return definitions by kind and edition.

    Raises `InvalidDefinition`, with the file's name.
    """
    definitions: dict[str, dict[int, Questionnaire]] = {kind: {} for kind in SHEET_KINDS}
    for path in sorted(folder.glob("*.yaml")):
        try:
            definition = parse_definition(path.read_text(encoding="utf-8"), traits=TRAITS)
        except InvalidDefinition as error:
            raise InvalidDefinition(f"{path.name}:\n{error}") from None
        if path.name != f"{definition.key}.{definition.edition}.yaml" or definition.key not in definitions:
            raise InvalidDefinition(f"{path.name}: is not the name of {definition.key} {definition.edition}")
        definitions[definition.key][definition.edition] = definition
    absent = [kind for kind, by_edition in definitions.items() if not by_edition]
    if absent:
        raise InvalidDefinition(f"no sheet is called {', '.join(absent)}")
    return definitions


@cache
def read_definitions_by_kind_and_edition() -> Mapping[str, Mapping[int, Questionnaire]]:
    """Definitions by kind and edition, parsed at the first call."""
    return parse_definitions_in_folder()


@cache
def get_latest_definition(kind: str) -> Questionnaire:
    """The latest edition of a kind."""
    return find_latest_edition(list(read_definitions_by_kind_and_edition()[kind].values()))


def is_about_prototype_version(definition: Questionnaire) -> bool:
    return ABOUT_A_VERSION in definition.traits


def starts_blank(definition: Questionnaire) -> bool:
    return STARTS_BLANK in definition.traits
