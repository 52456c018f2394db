"""Calls commands with what a request sent, by the names and types of the command's parameters.

A command takes the actor, the project and the rows of the address, or a tuple that holds them, then
values of the body: by name, put together where the parameter is a dataclass, and looked up by number
where it is a row.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiCall
from portal.project.projects.models import Numbered, Project
from portal.project.projects.numbered_queries import get_by_number

VERSIONS = {"version", "expected_version"}
Parameters = Mapping[str, tuple[Any, bool]]


@dataclass(frozen=True)
class RowNumberField:
    """A field of a body that holds the number of a row; the command takes its id."""

    field: str
    model: type[Numbered]


Names = Mapping[str, str | RowNumberField]


@cache
def parameters_of(command: Callable[..., Any]) -> Parameters:
    """(type, whether it may be left out) of the parameters of a function or dataclass, by name."""
    hints = get_type_hints(command)  # of a dataclass: its fields
    parameters = inspect.signature(command).parameters.values()
    return {each.name: (hints[each.name], each.default is not each.empty) for each in parameters}


def is_versioned(command: Callable[..., Any], names: Names) -> bool:
    """Whether a command takes the version that was read, by `If-Match`."""
    return any(
        _is_version_parameter(name, kind, names) for name, (kind, _free) in parameters_of(command).items()
    )


def _is_version_parameter(name: str, kind: Any, names: Names) -> bool:
    return name in VERSIONS and name not in names and int in {kind, *get_args(kind)}


def call_command(
    command: Callable[..., Any], call: ApiCall, project: Project, target: Any, names: Names
) -> Any:
    """Call a command about what the address names: a row, rows (a tuple), or None.

    `names` are the fields of the body by parameter, where they differ.
    """
    parameters = parameters_of(command)
    leading = [call.actor, *_leading_arguments(parameters, project, target)]
    own = dict(list(parameters.items())[len(leading) :])
    return command(*leading, **_ArgumentBinder(call, project, names).values(own))


def _leading_arguments(parameters: Parameters, project: Project, target: Any) -> list[Any]:
    """What a command takes after the actor: the project and the target, or the target alone."""
    kinds = [kind for kind, _is_free in parameters.values()]
    if isinstance(target, tuple) and isinstance(kinds[1], type) and isinstance(target, kinds[1]):
        return [target]
    if target is None:
        return [project]
    takes_all = isinstance(target, tuple) and get_origin(kinds[2]) is not tuple
    return [project, *(target if takes_all else [target])]


@dataclass(frozen=True)
class _ArgumentBinder:
    """Values of parameters out of a call's body and version."""

    call: ApiCall
    project: Project
    names: Names

    def values(self, parameters: Parameters) -> dict[str, Any]:
        """The values of the parameters; those that the body does not have keep their default."""
        body = self.call.body or {}
        return {
            name: self._value(name, kind)
            for name, (kind, is_free) in parameters.items()
            if not is_free
            or _is_version_parameter(name, kind, self.names)
            or self._body_field_name(name) in body
        }

    def _body_field_name(self, name: str) -> str:
        field = self.names.get(name, name)
        return field.field if isinstance(field, RowNumberField) else field

    def _value(self, name: str, kind: Any) -> Any:
        if _is_version_parameter(name, kind, self.names):
            return self.call.version
        if isinstance(kind, type) and is_dataclass(kind):
            return kind(**self.values(parameters_of(kind)))
        source, field = self.names.get(name), self._body_field_name(name)
        sent = self.call.body[field]
        if isinstance(source, RowNumberField):
            return None if sent is None else self._get_numbered_row(source.model, sent, field).id
        model = next((part for part in (kind, *get_args(kind)) if _is_numbered_model(part)), None)
        if model is None or sent is None:
            return sent
        if isinstance(sent, list):
            return [self._get_numbered_row(model, number, field) for number in sent]
        return self._get_numbered_row(model, sent, field)

    def _get_numbered_row(self, model: type[Numbered], number: int, field: str) -> Numbered:
        try:
            return get_by_number(self.call.actor, model, self.project, number)
        except NotFound:
            raise RuleBroken(field, _("Ce projet n’a pas de numéro %(n)s.", n=number)) from None


def _is_numbered_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Numbered)
