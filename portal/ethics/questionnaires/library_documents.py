"""The questionnaires that come with the portal, and the definitions that were read so far.

A file is read when somebody first asks for it, and once: no start waits for questions that nobody
is asked. Its name ends in its edition (`framing.1.yaml`), and it is never changed once it is out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire

DEFINITIONS_FOLDER = Path(__file__).parent / "definitions"

# What a questionnaire is for.
FRAMING = "framing"  # the review before work begins in earnest
EXPOSURE = "exposure"  # the review before more people meet the prototype
COMPARISON = "comparison"  # another country's: nothing here follows from it
# Which facts of a project a section is about: when one changes, it is asked again.
FACT_TRAITS = ("purpose", "people", "data", "model", "automation", "harm")
TRAITS = frozenset({FRAMING, EXPOSURE, COMPARISON, *FACT_TRAITS})


@dataclass(frozen=True)
class DefinitionSource:
    """A definition as it is written. Two are the same when their fingerprints are."""

    text: str

    @property
    def fingerprint(self) -> str:
        return fingerprint_text(self.text)

    @property
    def definition(self) -> Questionnaire:
        """Raises `WrongDefinition`."""
        return _read(self.text)


def fingerprint_text(text: str) -> str:
    """The SHA-256 of a definition's text, whatever ends its lines."""
    return sha256("\n".join(text.splitlines()).encode()).hexdigest()


@cache
def built_in_paths() -> Mapping[tuple[str, int], Path]:
    """By key and edition. Nothing is read yet."""
    paths = {}
    for path in sorted(DEFINITIONS_FOLDER.glob("*.yaml")):
        key, edition = path.stem.rsplit(".", 1)
        paths[key, int(edition)] = path
    return paths


def find_source(key: str, edition: int) -> DefinitionSource | None:
    """Of a questionnaire that comes with the portal."""
    path = built_in_paths().get((key, edition))
    return None if path is None else _load_source(path)


def find_by_name(name: str) -> Questionnaire | None:
    """As commands name it: its key, for the latest edition, or with its version: `aia-1.0.1`."""
    key, _dash, version = name.partition("-")
    editions = sorted(
        (edition_key for edition_key in built_in_paths() if edition_key[0] == key), reverse=True
    )
    definitions = (
        _load_source(built_in_paths()[edition_key]).definition for edition_key in editions
    )
    return next(
        (definition for definition in definitions if version in ("", definition.version)), None
    )


def list_built_in() -> Sequence[Questionnaire]:
    """All that come with the portal, every edition."""
    return [_load_source(path).definition for path in built_in_paths().values()]


@cache
def _load_source(path: Path) -> DefinitionSource:
    source = DefinitionSource(path.read_text(encoding="utf-8"))
    try:
        definition = source.definition
    except InvalidDefinition as wrong:
        raise InvalidDefinition(f"{path.name}:\n{wrong}") from None
    if path.name != f"{definition.key}.{definition.edition}.yaml":
        raise InvalidDefinition(
            f"{path.name}: is not the name of {definition.key} {definition.edition}"
        )
    return source


@cache
def _read(text: str) -> Questionnaire:
    return parse_definition(text, traits=TRAITS)
