"""The sheets there are: every edition, read from the files beside this one when first asked for.

A file whose name ends in its edition (`model_card.1.yaml`) is never changed once it is out: teams
have answered it. What should be asked otherwise goes into a file with the next number.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire, latest_edition

DEFINITIONS_FOLDER = Path(__file__).parent / "definitions"

# In the order in which a team meets them.
SHEET_KINDS = (
    "data_sheet",
    "model_card",
    "ml_test_score",
    "oversight",
    "accessibility",
    "security",
    "handover",
)
ABOUT_A_VERSION = "about_a_version"  # it holds for one version of the prototype
STARTS_BLANK = "starts_blank"  # another one is a new fact: nothing is taken from the last
TRAITS = frozenset({ABOUT_A_VERSION, STARTS_BLANK})


def read_definitions(
    folder: Path = DEFINITIONS_FOLDER,
) -> Mapping[str, Mapping[int, Questionnaire]]:
    """By kind, then by edition. Raises `WrongDefinition`, with the file's name."""
    definitions: dict[str, dict[int, Questionnaire]] = {kind: {} for kind in SHEET_KINDS}
    for path in sorted(folder.glob("*.yaml")):
        try:
            definition = parse_definition(path.read_text(encoding="utf-8"), traits=TRAITS)
        except InvalidDefinition as wrong:
            raise InvalidDefinition(f"{path.name}:\n{wrong}") from None
        if (
            path.name != f"{definition.key}.{definition.edition}.yaml"
            or definition.key not in definitions
        ):
            raise InvalidDefinition(
                f"{path.name}: is not the name of {definition.key} {definition.edition}"
            )
        definitions[definition.key][definition.edition] = definition
    absent = [kind for kind, them in definitions.items() if not them]
    if absent:
        raise InvalidDefinition(f"no sheet is called {', '.join(absent)}")
    return definitions


@cache
def editions() -> Mapping[str, Mapping[int, Questionnaire]]:
    """By kind, then by edition: read once, and by no start."""
    return read_definitions()


@cache
def latest_of(kind: str) -> Questionnaire:
    return latest_edition(list(editions()[kind].values()))


def is_about_a_version(of: Questionnaire) -> bool:
    return ABOUT_A_VERSION in of.traits


def starts_blank(of: Questionnaire) -> bool:
    return STARTS_BLANK in of.traits
