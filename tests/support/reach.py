"""Which commands a view reaches, read from its source: its own calls, and those of its helpers."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
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


@cache
def writes(command: Function) -> bool:
    """Tell whether a command records or stores something: others check, or read for a command."""
    seen: set[Any] = set()
    ahead: list[Any] = [command]
    while ahead:
        part = ahead.pop()
        if part in seen:
            continue
        seen.add(part)
        if _stores(part):
            return True
        ahead.extend(each for each in _named_in(part) if _is_code(each) and _is_command(each))
    return False


def _stores(part: Any) -> bool:
    """Tell whether source calls one of the ways into the trail and the database."""
    calls = (node.func for node in ast.walk(_tree_of(part)) if isinstance(node, ast.Call))
    return not _STORING.isdisjoint(ast.unparse(call) for call in calls)


_STORING = {"audit.record", "execute_write", "write_mark_or_skip"} | {
    f"db.session.{verb}" for verb in ("add", "add_all", "delete", "execute", "merge")
}


def _is_code(each: Any) -> bool:
    return isinstance(each, FunctionType | type)


def _is_command(function: Any) -> bool:
    return bool(function.__module__.rpartition(".")[2].rpartition("_")[2] == "commands")


def _is_followed(function: Any) -> bool:
    """Tell whether a function is a command, or may call one: policies and queries do not."""
    if not isinstance(function, FunctionType) or not function.__module__.startswith("portal."):
        return False
    room = function.__module__.rpartition(".")[2].rpartition("_")[2]
    return room in {"commands", "views", "api", "forms"}


@cache
def _named_in(function: Any) -> tuple[Any, ...]:
    """What source names: itself, in a table of the module, or as an attribute of a module."""
    return tuple(_walk_names(function))


def _walk_names(function: Any) -> Iterator[Any]:
    known = _names_known_to(function)
    for node in ast.walk(_tree_of(function)):
        if isinstance(node, ast.Name) and node.id in known:
            value = known[node.id]
            yield from value.values() if isinstance(value, dict) else ()
            yield inspect.unwrap(value) if callable(value) else value
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            if isinstance(module, ModuleType):
                yield getattr(module, node.attr, None)


@cache
def _tree_of(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _names_known_to(function: Any) -> Mapping[str, Any]:
    if isinstance(function, type):
        return vars(sys.modules[function.__module__])
    closed = inspect.getclosurevars(function).nonlocals
    return {**function.__globals__, **closed}
