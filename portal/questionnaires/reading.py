"""Definitions read from YAML, held to a schema: a sentence for each fault, and where it is."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from marshmallow import ValidationError

from portal.questionnaires.consistency import faults_of
from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.shapes import QuestionnaireIn

# Written in C where the library has it: ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrongDefinition(ValueError):
    """A definition that cannot be asked; the message has a line per fault."""


def read(text: str, *, traits: Collection[str] = ()) -> Questionnaire:
    """One edition. `traits` are those that its feature knows. Raises `WrongDefinition`."""
    try:
        given = yaml.load(text, Loader=_Loader)  # noqa: S506  it is the safe one, in C
    except (yaml.YAMLError, ValueError) as wrong:  # ValueError: a day that does not exist
        raise WrongDefinition(f"is no YAML: {wrong}") from None
    except RecursionError:
        raise WrongDefinition("is no YAML: it is too deep") from None
    if not isinstance(given, dict):
        raise WrongDefinition("is no mapping of names to values")
    try:
        made: Questionnaire = QuestionnaireIn().load(_with_days_as_text(given))
    except ValidationError as wrong:
        lines = _Lines(text)
        raise WrongDefinition("\n".join(lines.told(wrong.messages))) from None
    faults = [*faults_of(made, traits)]
    if faults:
        raise WrongDefinition("\n".join(faults))
    return made


def _with_days_as_text(given: dict[Any, Any]) -> dict[Any, Any]:
    """YAML reads a day as a day, which the schema would have as text."""
    found = given | {"dated": str(given.get("dated", ""))}
    duties = found.get("duties")
    if isinstance(duties, list):
        found["duties"] = [
            duty | {"since": str(duty["since"])}
            if isinstance(duty, dict) and duty.get("since") is not None
            else duty
            for duty in duties
        ]
    return found


class _Lines:
    """marshmallow's nested messages, as « place: sentence (line n) »."""

    def __init__(self, text: str) -> None:
        self.root = yaml.compose(text, Loader=_Loader)

    def told(
        self, told: Mapping[Any, Any] | list[Any], place: tuple[Any, ...] = ()
    ) -> Iterator[str]:
        if isinstance(told, list):
            where = ".".join(str(one) for one in place)
            yield from (f"{where}: {sentence} (line {self._line(place)})" for sentence in told)
            return
        for name, inner in told.items():
            yield from self.told(inner, (*place, name))

    def _line(self, place: tuple[Any, ...]) -> int:
        """Of the innermost part of the place that is there."""
        node = self.root
        line = 1
        for name in place:
            found = _inside(node, name)
            if found is None:
                break
            node = found
            line = node.start_mark.line + 1
        return line


def _inside(node: Any, name: Any) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(name, int):
        return node.value[name] if name < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(name)), None)
    return None
