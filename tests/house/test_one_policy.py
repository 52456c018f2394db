"""Policies have no second version: the API asks for nothing that pages do not ask for.

1. A room `api` names no role, and selects no row: what it may do is decided below it.
2. Each command, and each permission, that a room `api` uses is used by a page too.
3. Where the access tables name both, the same people are inside and the same ones are refused.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from portal.app.application.features import API_AREAS, FEATURES
from tests.house.api_doors import API_DOORS
from tests.house.doors import DOORS
from tests.support.reach import commands_of_operation

PORTAL = Path(__file__).resolve().parents[2] / "portal"
FORBIDDEN = {"Role", "select", "sqlalchemy", "db", "has_role_in", "scopes_with", "require_role"}
# What only a machine does: a token is revoked by whoever holds it, its use is noted.
OF_MACHINES = {
    "portal.api.tokens.commands.revoke_leaked_token",
    "portal.api.tokens.commands.record_token_use",
}


def imports_of(tree: ast.Module) -> dict[str, str]:
    """What the names of a file stand for, such as {"commands": "portal.x.commands"}."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def uses_of(text: str) -> set[str]:
    """The full names that a file uses of the modules that it imports: « portal.x.commands.close »."""
    tree = ast.parse(text)
    imported = imports_of(tree)
    loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {
        f"{imported[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported
    }
    return attributes | {imported[name] for name in loaded if name in imported}


def is_decisive(name: str) -> bool:
    """Whether a full name is a function of a room `commands` or `policy`."""
    module, _dot, function = name.rpartition(".")
    room = module.rpartition(".")[2].rpartition("_")[2]
    return name.startswith("portal.") and room in {"commands", "policy"} and function[0].islower()


def rooms(*suffixes: str) -> Iterator[Path]:
    for path in sorted(PORTAL.rglob("*.py")):
        if path.stem.rpartition("_")[2] in suffixes and "platform" not in path.parts:
            yield path


@cache
def used_by_pages() -> set[str]:
    """What views use, and what the plugs of features that pages show use."""
    return {
        name for path in rooms("views", "labels", "forms", "documents") for name in uses_of(path.read_text())
    }


def faults_of(text: str, pages: set[str]) -> list[str]:
    """What a room `api` does that no page does."""
    tree = ast.parse(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    own = sorted(FORBIDDEN & names)
    return own + sorted(
        name for name in uses_of(text) if is_decisive(name) and name not in pages | OF_MACHINES
    )


@pytest.mark.parametrize("path", list(rooms("api")), ids=lambda path: str(path.relative_to(PORTAL)))
def test_the_api_asks_for_nothing_that_no_page_asks_for(path: Path):
    assert faults_of(path.read_text(), used_by_pages()) == []


BROKEN = {
    "a command of its own": """
from portal.ethics.risks import commands
def close(call): commands.close_quietly(call.actor)
""",
    "a permission of its own": """
from portal.ethics.risks import policy
def close(call): return policy.may_close_by_api(call.actor)
""",
    "a role": """
from portal.platform.kernel.access import Role
def close(call): return call.actor.has_role_in(Role.TEAM_LEAD, in_=1)
""",
    "a query of its own": """
from sqlalchemy import select
def rows(call): return select(1)
""",
}


@pytest.mark.parametrize("text", list(BROKEN.values()), ids=list(BROKEN))
def test_a_second_version_is_noticed(text: str):
    assert faults_of(text, used_by_pages()) != []


def commands_in(text: str) -> Iterator[tuple[str, str]]:
    """(function, full name of a command that it uses) of a file."""
    tree = ast.parse(text)
    imported = imports_of(tree)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{imported.get(node.value.id, '')}.{node.attr}"
                if is_decisive(name) and ".policy." not in name:
                    yield function.name, name


def commands_of_operations() -> Mapping[str, set[str]]:
    """The operations that call each command, by its full name; not those that no token may call."""
    by_command: dict[str, set[str]] = {}
    for operation in (each for area in API_AREAS for each in area.operations if not each.asks_again):
        for command in commands_of_operation(operation):
            by_command.setdefault(f"{command.__module__}.{command.__name__}", set()).add(operation.id)
    return by_command


def commands_of_pages() -> Mapping[str, set[str]]:
    """The endpoints whose view calls each command, by its full name."""
    by_command: dict[str, set[str]] = {}
    for blueprint in (blueprint for feature in FEATURES for blueprint in feature.blueprints):
        text = (PORTAL.parent / f"{blueprint.import_name.replace('.', '/')}.py").read_text()
        for view, name in commands_in(text):
            by_command.setdefault(name, set()).add(f"{blueprint.name}.{view}")
    return by_command


def pairs() -> Iterator[tuple[str, str]]:
    """(operation, row of a page) that call the same command."""
    pages = commands_of_pages()
    for command, operations in commands_of_operations().items():
        for endpoint in pages.get(command, ()):
            row = f"{endpoint} POST"
            if row in DOORS:
                yield from ((operation, row) for operation in operations)


PAIRS = sorted(set(pairs()))


def test_most_commands_are_compared():
    assert len({operation for operation, _row in PAIRS}) > 50


@pytest.mark.parametrize(("operation", "row"), PAIRS)
def test_who_may_by_a_page_may_by_the_api(operation: str, row: str):
    by_api, by_page = API_DOORS[operation], DOORS[row]
    assert by_api.inside == by_page.inside
    assert by_api.refused == by_page.refused
