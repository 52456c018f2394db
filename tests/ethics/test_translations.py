"""Sentences of the wing go through gettext once."""

import ast
from pathlib import Path

import portal.ethics

GETTEXT = {"_", "_l"}


def is_translation(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT


def test_no_sentence_is_translated_twice():
    translations = [
        (path.name, node)
        for path in sorted(Path(portal.ethics.__path__[0]).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if is_translation(node)
    ]
    assert len(translations) > 100
    assert [(name, node.lineno) for name, node in translations if any(map(is_translation, node.args))] == []
