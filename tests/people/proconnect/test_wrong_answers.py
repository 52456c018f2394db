"""Whatever a provider, a network or a browser answers wrongly opens nothing, and is said in words."""

import base64
import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from portal.people.accounts.models import OpenSession
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.support.browser import words_of
from tests.support.proconnect import choose, finish, sign_in, start

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "demo", "use": "sig"})


def changed(**claims: object) -> Callable[[dict], dict]:
    """Change claims before they are signed; None leaves one out."""

    def change(usual: dict) -> dict:
        return {name: value for name, value in (usual | claims).items() if value is not None}

    return change


def resigned(key: object, algorithm: str = "RS256", **header: object) -> Callable[[str], str]:
    """Sign the claims again with another key; `header` may name where to find it."""

    def sign(text: str) -> str:
        _header, payload, _signature = text.split(".")
        claims = json.loads(jwt_part(payload))
        return jwt.encode({"alg": algorithm, "kid": "demo", **header}, claims, key, algorithms=[algorithm])

    return sign


def jwt_part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def unsigned(text: str) -> str:
    _header, payload, _signature = text.split(".")
    return f"eyJhbGciOiJub25lIn0.{payload}."


def altered(text: str) -> str:
    header, payload, signature = text.split(".")
    return f"{header}.{payload[:-2]}AA.{signature}"


CLAIMS = {
    "another nonce": changed(nonce="n" * 43),
    "no nonce": changed(nonce=None),
    "another audience": changed(aud="other-client"),
    "no audience": changed(aud=None),
    "several audiences": changed(aud=["portal", "other-client"]),
    "another issuer": changed(iss="https://evil.example/api/v2"),
    "no issuer": changed(iss=None),
    "expired": changed(exp=int(time.time()) - 3600),
    "no end": changed(exp=None),
    "an end in words": changed(exp="tomorrow"),
    "issued tomorrow": changed(iat=int(time.time()) + 86400),
    "no subject": changed(sub=None),
    "an empty subject": changed(sub=""),
    "a subject that is a number": changed(sub=7),
    "no acr": changed(acr=None),
    "an acr that is a list": changed(acr=["eidas1"]),
    "an unknown acr": changed(acr="eidas9"),
}
TEXTS = {
    "unsigned": unsigned,
    "altered": altered,
    "another key": resigned(OTHER_KEY),
    "a key that it brings": resigned(OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)),
    "the address of a key": resigned(OTHER_KEY, jku="https://evil.example/jwks"),
    "a public key as a secret": resigned(OctKey.import_key(b"portal" * 8), "HS256"),
    "nothing": lambda _text: "",
    "no token": lambda _text: "a.b.c",
    "a page": lambda _text: "<html>",
}
USERINFO = {
    "another subject": changed(sub="somebody else"),
    "another audience": changed(aud="other-client"),
    "another issuer": changed(iss="https://evil.example"),
    "no subject": changed(sub=None),
}


def opens_nothing(browser, answer) -> str:
    """Check that nobody is signed in; return the words of the page."""
    assert answer.status_code in {422, 503}
    assert browser.open("/profile").headers["Location"].startswith("/sign-in")
    assert db.session.query(OpenSession).count() == 0
    return words_of(browser._read(answer, answer.status_code).main)


@pytest.mark.parametrize("change", CLAIMS)
def test_an_id_token_with_wrong_claims(linked, provider, stranger, change):
    provider.behaviour.id_claims = CLAIMS[change]
    words = opens_nothing(stranger, sign_in(stranger, linked.email))
    if change == "an unknown acr":
        assert "eidas9" in words, "an unknown level is named"
    assert db.session.query(AuditEvent).filter_by(action="person.sign_in_failed").count() == 1


@pytest.mark.parametrize("change", TEXTS)
def test_an_id_token_that_the_provider_did_not_sign(linked, provider, stranger, change):
    provider.behaviour.id_token_text = TEXTS[change]
    opens_nothing(stranger, sign_in(stranger, linked.email))


@pytest.mark.parametrize("change", USERINFO)
def test_a_userinfo_with_wrong_claims(linked, provider, stranger, change):
    provider.behaviour.userinfo_claims = USERINFO[change]
    opens_nothing(stranger, sign_in(stranger, linked.email))


@pytest.mark.parametrize("change", TEXTS)
def test_a_userinfo_that_the_provider_did_not_sign(linked, provider, stranger, change):
    provider.behaviour.userinfo_text = TEXTS[change]
    opens_nothing(stranger, sign_in(stranger, linked.email))


def test_a_userinfo_in_plain_json(linked, provider, stranger):
    body = json.dumps({"sub": provider.subject_of(linked.email), "email": linked.email})
    provider.behaviour.answers = {"userinfo": (200, "application/json", body)}
    opens_nothing(stranger, sign_in(stranger, linked.email))


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "jwks"])
@pytest.mark.parametrize(
    "answer",
    [
        (500, "text/html", "<h1>Internal Server Error</h1>"),
        (200, "text/html", "<h1>Maintenance</h1>"),
        (200, "application/json", "[]"),
        (200, "application/json", "[" * 100_000),
        (400, "application/json", '{"error": "invalid_grant"}'),
        (302, "text/html", ""),
        (200, "application/json", "x" * 300_000),
    ],
    ids=lambda answer: f"{answer[0]} {answer[1]} {len(answer[2])}",
)
def test_a_raw_error_page(linked, provider, stranger, endpoint, answer):
    provider.behaviour.answers = {endpoint: answer}
    words = opens_nothing(stranger, sign_in(stranger, linked.email))
    assert "ProConnect" in words
    assert "Maintenance" not in words


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "jwks"])
def test_a_provider_that_is_silent(linked, provider, stranger, endpoint, monkeypatch):
    monkeypatch.setattr("portal.people.proconnect.provider_commands.SECONDS", 0.2)
    provider.behaviour.wait = {endpoint: 1.0}
    began = time.monotonic()
    answer = sign_in(stranger, linked.email)
    assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert "ne répond pas" in opens_nothing(stranger, answer)


def test_a_provider_that_is_down_when_one_starts(linked, provider, stranger):
    provider.behaviour.answers = {"openid-configuration": (502, "text/html", "bad gateway")}
    page = stranger.submit("/sign-in/proconnect", expect=503)
    assert "ne répond pas" in words_of(page.main)


def test_a_discovery_of_another_issuer(linked, provider, stranger):
    body = json.dumps({"issuer": "https://evil.example/api/v2"})
    provider.behaviour.answers = {"openid-configuration": (200, "application/json", body)}
    stranger.submit("/sign-in/proconnect", expect=422)


def test_a_state_that_was_used(linked, provider, stranger, browser_for):
    brought = choose(start(stranger), linked.email)
    assert finish(stranger, brought).status_code == 303
    stranger.open("/sign-out", method="POST")
    again = finish(stranger, brought)
    assert "déjà servi" in words_of(stranger._read(again, 422).main)


def test_a_state_of_another_browser(linked, provider, stranger, browser_for):
    other = browser_for(None)
    start(other)
    brought = choose(start(stranger), linked.email)
    assert finish(other, brought).status_code == 422
    assert finish(browser_for(None), brought).status_code == 422


@pytest.mark.parametrize("state", ["", "x" * 43, "é" * 40])
def test_a_state_that_was_never_given(linked, provider, stranger, state):
    brought = choose(start(stranger), linked.email) | {"state": state}
    opens_nothing(stranger, finish(stranger, brought))


def test_a_return_that_comes_too_late(linked, provider, stranger):
    brought = choose(start(stranger), linked.email)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        opens_nothing(stranger, finish(stranger, brought))


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "renoncé"), ("Y000400", "n’a pas accepté"), ("Y999999", "Y999999")],
)
def test_an_error_of_the_provider_is_said_in_words(linked, provider, stranger, error, words):
    brought = {"state": choose(start(stranger), linked.email)["state"], "error": error}
    assert words in opens_nothing(stranger, finish(stranger, brought))


def test_a_code_that_is_none(linked, provider, stranger):
    brought = choose(start(stranger), linked.email) | {"code": "x"}
    opens_nothing(stranger, finish(stranger, brought))
