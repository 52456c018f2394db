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
    root, given = _parsed(text)
    if not isinstance(given, dict):
        raise WrongDefinition("is no mapping of names to values")
    twice = [f"{name} is there twice (line {line})" for name, line in _twice(root)]
    if twice:
        raise WrongDefinition("\n".join(twice))
    try:
        made: Questionnaire = QuestionnaireIn().load(_with_days_as_text(given))
    except ValidationError as wrong:
        raise WrongDefinition("\n".join(_told(wrong.messages, root))) from None
    faults = [*faults_of(made, traits)]
    if faults:
        raise WrongDefinition("\n".join(faults))
    return made


def _parsed(text: str) -> tuple[Any, Any]:
    """What it says, with where it says it."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError) as wrong:  # ValueError: a day that does not exist
        raise WrongDefinition(f"is no YAML: {wrong}") from None
    except RecursionError:
        raise WrongDefinition("is no YAML: it is too deep") from None


def _twice(root: Any) -> Iterator[tuple[str, int]]:
    """Names that stand twice in one mapping, of which YAML would take the last in silence."""
    seen: set[int] = set()  # what an alias repeats is looked at once
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, _value in node.value:
                if key.value in names:
                    yield key.value, key.start_mark.line + 1
                names.add(key.value)
            waiting += [value for _key, value in reversed(node.value)]


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


def _told(
    told: Mapping[Any, Any] | list[Any], root: Any, place: tuple[Any, ...] = ()
) -> Iterator[str]:
    """marshmallow's nested messages, as « place: sentence (line n) »."""
    if isinstance(told, list):
        where = ".".join(str(one) for one in place)
        yield from (f"{where}: {sentence} (line {_line(root, place)})" for sentence in told)
        return
    for name, inner in told.items():
        yield from _told(inner, root, (*place, name))


def _line(node: Any, place: tuple[Any, ...]) -> int:
    """Of the innermost part of the place that is there."""
    line = 1
    for name in place:
        node = _inside(node, name)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _inside(node: Any, name: Any) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(name, int):
        return node.value[name] if name < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(name)), None)
    return None
