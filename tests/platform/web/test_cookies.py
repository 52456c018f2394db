"""Every cookie is of this host and https alone; signatures of the versions around this one are read."""

import ast
import base64
import hashlib
import hmac
from pathlib import Path

import pytest
from flask import Response
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.serializer import Serializer

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


class SessionBefore(SecureCookieSessionInterface):
    """The session as the version before signs it."""

    digest_method = staticmethod(hashlib.sha1)


@pytest.mark.parametrize("version", [SessionBefore, cookies.SignedSession])
def test_a_session_of_the_version_before_and_of_this_one_is_read(app, browser_for, version):
    name, value = session_cookie(app, make.person())
    held = app.session_interface.get_signing_serializer(app).loads(value)
    browser = browser_for(None)
    assert browser.open("/profile").headers["Location"].startswith("/sign-in")
    browser.client.set_cookie(name, version().get_signing_serializer(app).dumps(held))
    assert browser.open("/profile").status_code == 200


def test_the_version_before_reads_what_this_one_signs(app, monkeypatch):
    _name, value = session_cookie(app, make.person())
    signed, _dot, signature = value.rpartition(".")
    given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key = hmac.new(app.secret_key.encode(), b"cookie-session", hashlib.sha256).digest()
    assert given == hmac.new(key, signed.encode(), hashlib.sha256).digest()
    sha256 = [
        {"digest_method": hashlib.sha256, "key_derivation": derivation}
        for derivation in cookies.KEY_DERIVATIONS
    ]
    monkeypatch.setattr(Serializer, "default_fallback_signers", sha256)
    assert SessionBefore().get_signing_serializer(app).loads(value)


def test_a_signature_by_another_key_is_nobodys(app, browser_for, monkeypatch):
    name, value = session_cookie(app, make.person())
    held = app.session_interface.get_signing_serializer(app).loads(value)
    with monkeypatch.context() as other:
        other.setattr(app, "secret_key", "another key, and long enough to be one")
        forged = [
            each().get_signing_serializer(app).dumps(held) for each in (SessionBefore, cookies.SignedSession)
        ]
    for cookie in forged:
        browser = browser_for(None)
        browser.client.set_cookie(name, cookie)
        assert browser.open("/profile").headers["Location"].startswith("/sign-in")


def test_a_form_token_of_the_version_before_is_read(app):
    before = {"digest_method": hashlib.sha1}
    token = URLSafeTimedSerializer(app.secret_key, "a form", signer_kwargs=before).dumps("x")
    assert URLSafeTimedSerializer(app.secret_key, "a form").loads(token) == "x"
    own = URLSafeTimedSerializer(app.secret_key, "a form").make_signer()
    assert own.digest_method is hashlib.sha256
