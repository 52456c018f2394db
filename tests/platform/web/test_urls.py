"""Rules of addresses compile what builds them when an address is first built."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule


def test_a_start_compiles_no_builder_and_an_address_compiles_its_own_once(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_ = Rule._compile_builder

    def count(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled.append(str(rule.endpoint))
        return compile_(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", count)
    app = make_app()
    assert compiled == []
    urls = app.url_map.bind("portail.example")
    for page in range(2):
        values = {"slug": "héron cendré", "page": page}
        path = f"/projects/h%C3%A9ron%20cendr%C3%A9?page={page}"
        assert urls.build("projects.page", values) == path
    assert compiled == ["projects.page"]
