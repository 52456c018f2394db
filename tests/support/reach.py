"""Which commands a view reaches, read from its source: its own calls, and those of its helpers."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from portal.platform.web.api_operations import ApiOperation

Function = Callable[..., Any]


def commands_of(view: Function) -> set[Function]:
    """Return the commands that a view names, directly or by helpers outside of the commands' rooms."""
    commands: set[Function] = set()
    seen: set[Function] = set()
    ahead = [inspect.unwrap(view)]
    while ahead:
        function = ahead.pop()
        if function in seen:
            continue
        seen.add(function)
        if _is_command(function):
            commands.add(function)
        else:
            ahead.extend(each for each in _named_in(function) if _is_followed(each))
    return commands


def commands_of_operation(operation: ApiOperation) -> set[Function]:
    """Return the commands that an operation of the API calls."""
    return commands_of(operation.view) | ({operation.command} if operation.command else set())


def _is_command(function: Function) -> bool:
    return function.__module__.rpartition(".")[2].rpartition("_")[2] == "commands"


def _is_followed(function: Any) -> bool:
    """Tell whether a function is a command, or may call one: policies and queries do not."""
    if not isinstance(function, FunctionType) or not function.__module__.startswith("portal."):
        return False
    room = function.__module__.rpartition(".")[2].rpartition("_")[2]
    return room in {"commands", "views", "api", "forms"}


def _named_in(function: Function) -> Iterator[Any]:
    """Yield what a function's source names, itself or as an attribute of a module."""
    known = _names_known_to(function)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Name) and node.id in known:
            yield inspect.unwrap(known[node.id]) if callable(known[node.id]) else known[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            if isinstance(module, ModuleType):
                yield getattr(module, node.attr, None)


def _names_known_to(function: Function) -> Mapping[str, Any]:
    closed = inspect.getclosurevars(function).nonlocals
    return {**function.__globals__, **closed}
