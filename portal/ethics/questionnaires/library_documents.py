"""The built-in questionnaires, and the cache of parsed definitions.

Files are parsed lazily and once, so that starting the application does not wait for them. A file's
name ends in its edition (`framing.1.yaml`); a released file never changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire

DEFINITIONS_FOLDER = Path(__file__).parent / "definitions"

# Traits of a questionnaire: what it is for.
FRAMING = "framing"  # the review before work begins in earnest
EXPOSURE = "exposure"  # the review before more people meet the prototype
COMPARISON = "comparison"  # another country's, to compare: nothing follows from it here
# Traits of a section: the facts of a project that it is about, whose change triggers a re-review.
FACT_TRAITS = ("purpose", "people", "data", "model", "automation", "harm")
TRAITS = frozenset({FRAMING, EXPOSURE, COMPARISON, *FACT_TRAITS})


@dataclass(frozen=True)
class DefinitionSource:
    """The YAML text of a definition. Two texts are the same when their fingerprints are."""

    text: str

    @property
    def fingerprint(self) -> str:
        return fingerprint_text(self.text)

    @property
    def definition(self) -> Questionnaire:
        """The parsed definition, cached by its text. Raises `InvalidDefinition`."""
        return _parse_cached_definition(self.text)


def fingerprint_text(text: str) -> str:
    """SHA-256, in hexadecimal, of a definition's text with line ends normalised."""
    return sha256("\n".join(text.splitlines()).encode()).hexdigest()


@cache
def map_built_in_paths() -> Mapping[tuple[str, int], Path]:
    """The files of built-in definitions by key and edition; no file is read."""
    paths = {}
    for path in sorted(DEFINITIONS_FOLDER.glob("*.yaml")):
        key, edition = path.stem.rsplit(".", 1)
        paths[key, int(edition)] = path
    return paths


def find_built_in_source(key: str, edition: int) -> DefinitionSource | None:
    """The text of a built-in edition, None when there is none."""
    path = map_built_in_paths().get((key, edition))
    return None if path is None else _load_source(path)


def find_built_in_by_name(name: str) -> Questionnaire | None:
    """A built-in definition by its key (the latest edition) or key and version: `aia-1.0.1`."""
    paths = map_built_in_paths()
    return find_latest_edition_named(name, paths, lambda *key: _load_source(paths[key]).definition)


def find_latest_edition_named(
    name: str, edition_keys: Iterable[tuple[str, int]], load: Callable[[str, int], Questionnaire]
) -> Questionnaire | None:
    """The latest of some editions with this key, and this version if `name` has one."""
    key, _dash, version = name.partition("-")
    numbers = sorted({number for of_key, number in edition_keys if of_key == key}, reverse=True)
    definitions = (load(key, number) for number in numbers)
    return next((definition for definition in definitions if version in ("", definition.version)), None)


def list_built_in_questionnaires() -> Sequence[Questionnaire]:
    """All built-in definitions, every edition."""
    return [_load_source(path).definition for path in map_built_in_paths().values()]


@cache
def _load_source(path: Path) -> DefinitionSource:
    source = DefinitionSource(path.read_text(encoding="utf-8"))
    try:
        definition = source.definition
    except InvalidDefinition as error:
        raise InvalidDefinition(f"{path.name}:\n{error}") from None
    if path.name != f"{definition.key}.{definition.edition}.yaml":
        raise InvalidDefinition(f"{path.name}: is not the name of {definition.key} {definition.edition}")
    return source


@cache
def _parse_cached_definition(text: str) -> Questionnaire:
    return parse_definition(text, traits=TRAITS)
