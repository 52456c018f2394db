"""The sheets there are: every edition, read from the files beside this one when first asked for.

A file whose name ends in its edition (`model_card.1.yaml`) is never changed once it is out: teams
have answered it. What should be asked otherwise goes into a file with the next number.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.questionnaires.definition import Questionnaire, latest
from portal.questionnaires.reading import WrongDefinition, read

FOLDER = Path(__file__).parent / "definitions"

# In the order in which a team meets them.
KINDS = (
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


def read_all(folder: Path = FOLDER) -> Mapping[str, Mapping[int, Questionnaire]]:
    """By kind, then by edition. Raises `WrongDefinition`, with the file's name."""
    found: dict[str, dict[int, Questionnaire]] = {kind: {} for kind in KINDS}
    for path in sorted(folder.glob("*.yaml")):
        try:
            made = read(path.read_text(encoding="utf-8"), traits=TRAITS)
        except WrongDefinition as wrong:
            raise WrongDefinition(f"{path.name}:\n{wrong}") from None
        if path.name != f"{made.key}.{made.edition}.yaml" or made.key not in found:
            raise WrongDefinition(f"{path.name}: is not the name of {made.key} {made.edition}")
        found[made.key][made.edition] = made
    absent = [kind for kind, them in found.items() if not them]
    if absent:
        raise WrongDefinition(f"no sheet is called {', '.join(absent)}")
    return found


@cache
def editions() -> Mapping[str, Mapping[int, Questionnaire]]:
    """By kind, then by edition: read once, and by no start."""
    return read_all()


@cache
def latest_of(kind: str) -> Questionnaire:
    return latest(list(editions()[kind].values()))


def is_about_a_version(of: Questionnaire) -> bool:
    return ABOUT_A_VERSION in of.traits


def starts_blank(of: Questionnaire) -> bool:
    return STARTS_BLANK in of.traits
