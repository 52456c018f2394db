"""Rules of health are pure: none imports a model."""

import ast
from pathlib import Path

import pytest

from portal.oversight import health

RULES = sorted(Path(health.__file__).parent.glob("*_rules.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_import_no_model(path):
    modules = [
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    ]
    assert not [module for module in modules if module.endswith("models")]
