"""Every imported package is a dependency in `pyproject.toml`."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"portal", "tests", "tools", "bench", "migrations", "wsgi"}
# Flask and flask-babel document these as their own dependencies.
WITH_FLASK = {"jinja2", "markupsafe", "click", "babel"}


def distributions(*extras: str) -> set[str]:
    wanted = [*PROJECT["dependencies"]]
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    return {_plain(re.split(r"[\[=]", one)[0]) for one in wanted} | WITH_FLASK


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def imported(text: str) -> Iterator[str]:
    """Yield the top-level names of third-party modules that a file imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        yield from {name.partition(".")[0] for name in names} - OURS - sys.stdlib_module_names


def undeclared(text: str, declared: set[str], owners: dict[str, list[str]]) -> set[str]:
    return {name for name in imported(text) if not declared & set(map(_plain, owners.get(name, [])))}


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("portal", ("redis", "s3")),
        ("migrations", ()),
        ("tools", ("dev",)),
        ("bench", ("dev",)),
        ("tests", ("dev",)),
    ],
)
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    declared, owners = distributions(*extras), dict(packages_distributions())
    faults = {
        str(path.relative_to(ROOT)): missing
        for path in (ROOT / folder).rglob("*.py")
        if (missing := undeclared(path.read_text(), declared, owners))
    }
    assert not faults


def test_what_is_not_declared_is_found() -> None:
    text = "import os\nimport psutil.foo\nfrom bs4.element import Tag\nfrom portal import app\n"
    owners = {"psutil": ["psutil"], "bs4": ["beautifulsoup4"]}
    assert undeclared(text, {"beautifulsoup4"}, owners) == {"psutil"}
