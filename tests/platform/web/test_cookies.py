"""Every cookie is of this host and https alone, and signed with SHA-256."""

import ast
import base64
import hashlib
import hmac
from pathlib import Path

import pytest
from flask import Response
from flask.sessions import SecureCookieSessionInterface

from portal.platform.web import cookies
from tests.support import factories as make
from tests.support.cookies import session_cookie

ROOT = Path(cookies.__file__).parents[3]


@pytest.mark.parametrize(("is_https", "name"), [(True, "__Host-known"), (False, "known")])
def test_a_cookie_is_bound_to_its_host_over_https(app, is_https, name, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", is_https)
    answer, gone = Response(), Response()
    with app.test_request_context(headers={"Cookie": f"{name}=held"}):
        cookies.set_cookie(answer, "known", "value")
        cookies.delete_cookie(gone, "known")
        assert cookies.read_cookie("known") == "held"
    for header in (answer.headers["Set-Cookie"], gone.headers["Set-Cookie"]):
        assert header.startswith(f"{name}=")
        assert ("; Secure" in header) is is_https
        assert "Path=/" in header
        assert "HttpOnly" in header
        assert "Domain" not in header


def test_no_other_module_sets_or_reads_one():
    found = []
    for path in (ROOT / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name.endswith((".set_cookie", ".delete_cookie", "request.cookies.get")):
                found.append(path.name)
    assert set(found) == {"cookies.py"}


def test_a_session_is_signed_with_sha_256(app):
    _name, value = session_cookie(app, make.person())
    signed, _dot, signature = value.rpartition(".")
    given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key = hmac.new(app.secret_key.encode(), b"cookie-session", hashlib.sha256).digest()
    assert given == hmac.new(key, signed.encode(), hashlib.sha256).digest()


def test_a_session_signed_with_sha_1_is_nobodys(app, browser_for):
    name, value = session_cookie(app, make.person())
    held = app.session_interface.get_signing_serializer(app).loads(value)
    browser = browser_for(None)
    browser.client.set_cookie(name, SecureCookieSessionInterface().get_signing_serializer(app).dumps(held))
    assert browser.open("/profile").headers["Location"].startswith("/sign-in")
    browser.client.set_cookie(name, value)
    assert browser.open("/profile").status_code == 200


def test_a_token_of_a_form_is_signed_with_sha_256(app, browser_for):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        token = browser_for(None).visit("/sign-in").select_one("[name=csrf_token]")["value"]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    signature = token.rpartition(".")[2]
    assert len(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))) == 32
