"""The questionnaires that come with the portal, and the definitions that were read so far.

A file is read when somebody first asks for it, and once: no start waits for questions that nobody
is asked. Its name ends in its edition (`framing.1.yaml`), and it is never changed once it is out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.reading import WrongDefinition, read

FOLDER = Path(__file__).parent / "definitions"

# What a questionnaire is for.
FRAMING = "framing"  # the review before work begins in earnest
EXPOSURE = "exposure"  # the review before more people meet the prototype
COMPARISON = "comparison"  # another country's: nothing here follows from it
# Which facts of a project a section is about: when one changes, it is asked again.
ABOUT = ("purpose", "people", "data", "model", "automation", "harm")
TRAITS = frozenset({FRAMING, EXPOSURE, COMPARISON, *ABOUT})


@dataclass(frozen=True)
class Source:
    """A definition as it is written. Two are the same when their fingerprints are."""

    text: str

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.text)

    @property
    def definition(self) -> Questionnaire:
        """Raises `WrongDefinition`."""
        return _read(self.text)


def fingerprint_of(text: str) -> str:
    """The SHA-256 of a definition's text, whatever ends its lines."""
    return sha256("\n".join(text.splitlines()).encode()).hexdigest()


@cache
def built_in() -> Mapping[tuple[str, int], Path]:
    """By key and edition. Nothing is read yet."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        key, edition = path.stem.rsplit(".", 1)
        found[key, int(edition)] = path
    return found


def find_source(key: str, edition: int) -> Source | None:
    """Of a questionnaire that comes with the portal."""
    path = built_in().get((key, edition))
    return None if path is None else _source(path)


def find_named(name: str) -> Questionnaire | None:
    """As commands name it: its key, for the latest edition, or with its version: `aia-1.0.1`."""
    key, _dash, version = name.partition("-")
    editions = sorted((one for one in built_in() if one[0] == key), reverse=True)
    found = (_source(built_in()[one]).definition for one in editions)
    return next((one for one in found if version in ("", one.version)), None)


def list_built_in() -> Sequence[Questionnaire]:
    """All that come with the portal, every edition."""
    return [_source(path).definition for path in built_in().values()]


@cache
def _source(path: Path) -> Source:
    source = Source(path.read_text(encoding="utf-8"))
    try:
        made = source.definition
    except WrongDefinition as wrong:
        raise WrongDefinition(f"{path.name}:\n{wrong}") from None
    if path.name != f"{made.key}.{made.edition}.yaml":
        raise WrongDefinition(f"{path.name}: is not the name of {made.key} {made.edition}")
    return source


@cache
def _read(text: str) -> Questionnaire:
    return read(text, traits=TRAITS)
