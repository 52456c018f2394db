"""Parses definitions from YAML against a schema; each fault is a sentence with its line."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from marshmallow import ValidationError

from portal.ethics.questionnaires.consistency_rules import iterate_definition_faults
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.definition_schemas import QuestionnaireIn
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _

# The C loader, where the library has it, is ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


NODES_MAX = 100_000  # a long questionnaire has five thousand


class InvalidDefinition(ValueError):
    """A definition that cannot be used; the message has one line per fault."""


def parse_definition(text: str, *, traits: Collection[str] = ()) -> Questionnaire:
    """Parse one edition. `traits` are those that its feature knows.

    Raises `InvalidDefinition`.
    """
    root, content = _parse_yaml(text)
    if not isinstance(content, dict):
        raise InvalidDefinition(_("n’est pas un ensemble de noms et de valeurs"))
    duplicates = [
        _("%(name)s est là deux fois (ligne %(line)s)", name=name, line=line)
        for name, line in _iterate_duplicate_names(root)
    ]
    if duplicates:
        raise InvalidDefinition("\n".join(duplicates))
    try:
        definition: Questionnaire = QuestionnaireIn().load(_stringify_dates(content))
    except ValidationError as error:
        raise InvalidDefinition("\n".join(_flatten_messages(error.messages, root))) from None
    faults = [*iterate_definition_faults(definition, traits)]
    if faults:
        raise InvalidDefinition("\n".join(faults))
    return definition


def _parse_yaml(text: str) -> tuple[Any, Any]:
    """Return the root node, which knows its lines, and the content."""
    try:
        loader = _SafeLoader(text)
        root = loader.get_single_node()
        if _count_expanded_nodes(root, {}) > NODES_MAX:
            raise InvalidDefinition(_("se répète par des alias : plus de %(n)s parties", n=NODES_MAX))
        return root, None if root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise InvalidDefinition(_("n’est pas du YAML : %(error)s", error=_locate_yaml_error(error))) from None
    except RecursionError:
        raise InvalidDefinition(_("n’est pas du YAML : trop de niveaux")) from None


def _locate_yaml_error(error: Exception) -> str:
    """Where YAML stops being read, with what to look for there, or the library's sentence about a value."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error)
    return _(
        "ligne %(line)s, ou juste avant : un retrait, un deux-points, un guillemet, un crochet ou un alias",
        line=mark.line + 1,
    )


def _count_expanded_nodes(node: Any, counts: dict[int, int]) -> int:
    """How many nodes a document has where each alias stands for all that it repeats; a node that
    holds itself counts as too many."""
    if not isinstance(node, yaml.CollectionNode):
        return 1
    if id(node) not in counts:
        counts[id(node)] = NODES_MAX + 1  # while its parts are counted
        parts = (
            node.value if isinstance(node, yaml.SequenceNode) else [n for pair in node.value for n in pair]
        )
        counts[id(node)] = 1 + sum(_count_expanded_nodes(part, counts) for part in parts)
    return counts[id(node)]


def _iterate_duplicate_names(root: Any) -> Iterator[tuple[str, int]]:
    """Names that occur twice in one mapping: YAML would silently keep the last."""
    visited: set[int] = set()  # nodes repeated by aliases are visited once
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
    """YAML reads dates as `date`; the schema wants text."""
    converted = content | ({"dated": str(content["dated"])} if "dated" in content else {})
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
    messages: Mapping[Any, Any] | list[Any] | LazyString, root: Any, place: tuple[Any, ...] = ()
) -> Iterator[str]:
    """Flatten marshmallow's nested messages to « place: sentence (line n) »."""
    if not isinstance(messages, Mapping):
        sentences = messages if isinstance(messages, list) else [messages]
        where = ".".join(str(part) for part in place)
        line = _("ligne %(line)s", line=_find_line_number(root, place))
        yield from (f"{where}: {sentence} ({line})" for sentence in sentences)
        return
    for name, inner in messages.items():
        yield from _flatten_messages(inner, root, (*place, name))


def _find_line_number(node: Any, place: tuple[Any, ...]) -> int:
    """The line of the innermost part of the place that exists."""
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
