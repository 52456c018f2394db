from inspect import iscoroutinefunction
from itertools import chain

from flask import url_for
from werkzeug.routing import Rule


def test_nothing_is_asynchronous(app):
    """`Portal` takes that for granted."""
    kinds = app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs
    hooks = [hook for kind in kinds for hooks in kind.values() for hook in hooks]
    assert len(hooks) > 10
    assert not any(map(iscoroutinefunction, chain(app.view_functions.values(), hooks)))


def test_a_cookie_of_an_earlier_key_is_read_and_the_next_one_signed_anew(app):
    sessions = app.session_interface
    earlier, keys = app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"]
    signed = sessions.get_signing_serializer(app).dumps({"a": 1})
    app.config |= {"SECRET_KEY": "b" * 40, "SECRET_KEY_FALLBACKS": [earlier]}
    try:
        signer = sessions.get_signing_serializer(app)
        assert signer.loads(signed) == {"a": 1}
        again = signer.dumps({"a": 1})
        app.config["SECRET_KEY_FALLBACKS"] = []
        assert sessions.get_signing_serializer(app).loads(again) == {"a": 1}
    finally:
        app.config |= {"SECRET_KEY": earlier, "SECRET_KEY_FALLBACKS": keys}


def test_how_addresses_are_put_together_is_compiled_when_one_is_wanted(make_app, monkeypatch):
    compiled, compile_ = [], Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda rule, *how: compiled.append(rule) or compile_(rule, *how)
    )
    app = make_app()
    assert compiled == []
    with app.test_request_context():
        for _ in range(2):
            assert url_for("projects.page", slug="heron", a="é") == "/projects/heron?a=%C3%A9"
    assert [rule.endpoint for rule in compiled] == ["projects.page"]
