"""Definitions read from YAML, held to a schema: a sentence for each fault, and where it is."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from marshmallow import ValidationError

from portal.ethics.questionnaires.consistency_rules import find_faults
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.definition_schemas import QuestionnaireIn

# Written in C where the library has it: ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class InvalidDefinition(ValueError):
    """A definition that cannot be asked; the message has a line per fault."""


def parse_definition(text: str, *, traits: Collection[str] = ()) -> Questionnaire:
    """One edition. `traits` are those that its feature knows. Raises `WrongDefinition`."""
    root, content = _parse_yaml(text)
    if not isinstance(content, dict):
        raise InvalidDefinition("is no mapping of names to values")
    twice = [f"{name} is there twice (line {line})" for name, line in _find_duplicate_names(root)]
    if twice:
        raise InvalidDefinition("\n".join(twice))
    try:
        definition: Questionnaire = QuestionnaireIn().load(_stringify_dates(content))
    except ValidationError as wrong:
        raise InvalidDefinition("\n".join(_flatten_messages(wrong.messages, root))) from None
    faults = [*find_faults(definition, traits)]
    if faults:
        raise InvalidDefinition("\n".join(faults))
    return definition


def _parse_yaml(text: str) -> tuple[Any, Any]:
    """What it says, with where it says it."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError) as wrong:  # ValueError: a day that does not exist
        raise InvalidDefinition(f"is no YAML: {wrong}") from None
    except RecursionError:
        raise InvalidDefinition("is no YAML: it is too deep") from None


def _find_duplicate_names(root: Any) -> Iterator[tuple[str, int]]:
    """Names that stand twice in one mapping, of which YAML would take the last in silence."""
    visited: set[int] = set()  # what an alias repeats is looked at once
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, _value in node.value:
                if key.value in names:
                    yield key.value, key.start_mark.line + 1
                names.add(key.value)
            waiting += [value for _key, value in reversed(node.value)]


def _stringify_dates(content: dict[Any, Any]) -> dict[Any, Any]:
    """YAML reads a day as a day, which the schema would have as text."""
    converted = content | {"dated": str(content.get("dated", ""))}
    duties = converted.get("duties")
    if isinstance(duties, list):
        converted["duties"] = [
            duty | {"since": str(duty["since"])}
            if isinstance(duty, dict) and duty.get("since") is not None
            else duty
            for duty in duties
        ]
    return converted


def _flatten_messages(
    messages: Mapping[Any, Any] | list[Any], root: Any, place: tuple[Any, ...] = ()
) -> Iterator[str]:
    """marshmallow's nested messages, as « place: sentence (line n) »."""
    if isinstance(messages, list):
        where = ".".join(str(part) for part in place)
        yield from (
            f"{where}: {sentence} (line {_line_number(root, place)})" for sentence in messages
        )
        return
    for name, inner in messages.items():
        yield from _flatten_messages(inner, root, (*place, name))


def _line_number(node: Any, place: tuple[Any, ...]) -> int:
    """Of the innermost part of the place that is there."""
    line = 1
    for name in place:
        node = _find_child_node(node, name)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _find_child_node(node: Any, name: Any) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(name, int):
        return node.value[name] if name < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(name)), None)
    return None
