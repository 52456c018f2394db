"""Passkeys: registration, proof, the way in of their own, and everything that must not open."""

import json
from types import SimpleNamespace

import pytest

from portal.people.second_factor.models import Passkey
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.second_factor import Authenticator, code, enrol

PAGE, QUESTION, KEY_SIGN_IN = "/profile/second-factor", "/second-factor", "/sign-in/passkey"


def challenge(browser, purpose: str) -> dict:
    answer = browser.open("/passkeys/challenge", method="POST", data={"purpose": purpose})
    assert answer.status_code == 200
    return json.loads(answer.text)


def register(browser, authenticator: Authenticator, name: str = "Téléphone", *, expect: int = 200, **more):
    credential = authenticator.register(challenge(browser, "register"))
    return browser.submit(f"{PAGE}/passkeys", expect=expect, name=name, credential=credential, **more)


def sign_in_by(browser, authenticator: Authenticator, credential: str | None = None):
    credential = credential or authenticator.sign(challenge(browser, "sign_in"))
    return browser.open(KEY_SIGN_IN, method="POST", data={"credential": credential, "next": "/profile"})


@pytest.fixture
def held(ada, browser_for) -> SimpleNamespace:
    """Ada, enrolled with codes, and a passkey beside them."""
    enrol(ada)
    browser, authenticator = browser_for(None), Authenticator()
    browser.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    browser.submit(QUESTION, code=code())
    register(browser, authenticator)
    return SimpleNamespace(browser=browser, authenticator=authenticator)


def test_a_key_is_named_dated_and_announced(ada, held):
    page = words_of(held.browser.visit(PAGE).main)
    assert "Téléphone" in page
    assert "Jamais" in page
    assert [row.facts["change"] for row in db.session.query(OutboxMessage)] == ["added"]
    options = challenge(held.browser, "register")
    assert [row["id"] for row in options["excludeCredentials"]] == [
        db.session.query(Passkey).one().credential_id
    ]
    assert options["authenticatorSelection"]["userVerification"] == "required"


def test_a_key_is_a_first_factor_too_and_its_enrolment_ends_with_a_code(ada, browser_for):
    browser = browser_for(ada)
    page = register(browser, Authenticator())
    assert "Montrer mes codes" in words_of(page.main)
    page = browser.submit(f"{PAGE}/recovery/new")
    browser.submit(f"{PAGE}/recovery", code=words_of(page.select_one("code.code")))
    db.session.refresh(ada)
    assert ada.second_factor_at is not None


def test_a_key_opens_nothing_before_a_recovery_code_was_typed(ada, browser_for, stranger):
    authenticator = Authenticator()
    register(browser_for(ada), authenticator)
    sign_in_by(stranger, authenticator)
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in")


def test_a_key_proves_after_the_password(ada, held, stranger):
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    assert stranger.visit(QUESTION).select_one("form[data-passkey=prove]")
    credential = held.authenticator.sign(challenge(stranger, "prove"))
    answer = stranger.open(QUESTION, method="POST", data={"credential": credential, "next": "/profile"})
    assert answer.headers["Location"] == "/profile"
    assert stranger.open("/profile").status_code == 200
    assert db.session.query(Passkey).one().last_used_at is not None


def test_a_key_opens_without_a_password(ada, held, stranger):
    assert sign_in_by(stranger, held.authenticator).headers["Location"] == "/profile"
    assert "Ada Martin" in stranger.visit("/profile").text
    assert stranger.open(PAGE).status_code == 200, "it is a fresh proof"


def test_an_answer_is_accepted_once(ada, held, stranger, browser_for):
    credential = held.authenticator.sign(challenge(stranger, "sign_in"))
    assert sign_in_by(stranger, held.authenticator, credential).status_code == 303
    assert sign_in_by(stranger, held.authenticator, credential).status_code == 422
    assert sign_in_by(browser_for(None), held.authenticator, credential).status_code == 422


def other_browser(held, stranger, browser_for) -> str:
    challenge(stranger, "sign_in")
    return held.authenticator.sign(challenge(browser_for(None), "sign_in"))


def other_challenge(held, stranger, _browsers) -> str:
    return held.authenticator.sign(challenge(stranger, "sign_in") | {"challenge": "c3RvbGVu"})


def other_origin(held, stranger, _browsers) -> str:
    held.authenticator.origin = "https://portal.evil.example"
    return held.authenticator.sign(challenge(stranger, "sign_in"))


def other_host(held, stranger, _browsers) -> str:
    held.authenticator.host = "evil.example"
    return held.authenticator.sign(challenge(stranger, "sign_in"))


def nobody_verified(held, stranger, _browsers) -> str:
    held.authenticator.flags = 0x01
    return held.authenticator.sign(challenge(stranger, "sign_in"))


def other_key(held, stranger, _browsers) -> str:
    forger = Authenticator()
    forger.id = held.authenticator.id
    return forger.sign(challenge(stranger, "sign_in"))


def unknown_key(_held, stranger, _browsers) -> str:
    return Authenticator().sign(challenge(stranger, "sign_in"))


def cloned_key(held, stranger, _browsers) -> str:
    assert sign_in_by(stranger, held.authenticator).status_code == 303
    held.authenticator.count = 0
    stranger.submit("/sign-out")
    return held.authenticator.sign(challenge(stranger, "sign_in"))


def for_a_proof(held, stranger, _browsers) -> str:
    return held.authenticator.sign(challenge(held.browser, "prove"))


def registration(_held, stranger, _browsers) -> str:
    return Authenticator().register(challenge(stranger, "sign_in"))


WRONG = [
    *(other_browser, other_challenge, other_origin, other_host, nobody_verified, other_key),
    *(unknown_key, cloned_key, for_a_proof, registration),
]


@pytest.mark.parametrize("forge", WRONG, ids=lambda forge: forge.__name__)
def test_a_wrong_answer_opens_nothing(ada, held, stranger, browser_for, forge):
    credential = forge(held, stranger, browser_for)
    assert sign_in_by(stranger, held.authenticator, credential).status_code == 422
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "credential",
    [
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"id": 1}',
        "[" * 15_000,
        '{"response": {"clientDataJSON": "e30"}}',
    ],
    ids=lambda text: text[:9],
)
def test_what_no_browser_sends_is_refused(ada, held, stranger, credential):
    challenge(stranger, "sign_in")
    answer = stranger.open(KEY_SIGN_IN, method="POST", data={"credential": credential})
    assert answer.status_code == 422


def test_two_hundred_wrong_keys_never_open(ada, held, stranger):
    statuses = []
    for _ in range(200):
        credential = Authenticator().sign(challenge(stranger, "sign_in"))
        statuses.append(sign_in_by(stranger, held.authenticator, credential).status_code)
    assert statuses == [422] * 50 + [429] * 150


def test_the_key_of_a_closed_account_opens_nothing(ada, held, stranger):
    ada.disabled_at = clock.now()
    db.session.commit()
    assert sign_in_by(stranger, held.authenticator).status_code == 422
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in")


def test_the_key_of_somebody_else_proves_nothing(app, ada, held, browser_for):
    other = make.person(email="bob@demo.example")
    browser = browser_for(other)
    credential = held.authenticator.sign(challenge(browser, "prove"))
    browser.submit(QUESTION, expect=422, credential=credential)


@pytest.mark.parametrize("change", ["origin", "host", "flags", "challenge"])
def test_a_key_that_is_not_made_here_is_not_stored(ada, browser_for, change):
    browser, authenticator = browser_for(ada), Authenticator()
    options = challenge(browser, "register")
    if change == "challenge":
        options["challenge"] = "c3RvbGVu"
    else:
        value = {"origin": "https://evil.example", "host": "evil.example", "flags": 0x01}[change]
        setattr(authenticator, change, value)
    typed = {"name": "Clé", "credential": authenticator.register(options)}
    browser.submit(f"{PAGE}/passkeys", expect=422, **typed)
    assert db.session.query(Passkey).count() == 0


def test_a_key_that_is_known_is_not_stored_again(ada, held):
    page = register(held.browser, held.authenticator, expect=422)
    assert "sert déjà" in words_of(page.main)


def test_a_removed_key_opens_nothing_and_the_codes_stay(ada, held, stranger):
    passkey = db.session.query(Passkey).one()
    page = held.browser.submit(f"{PAGE}/passkeys/{passkey.id}/remove")
    assert "Clé d’accès retirée" in words_of(page)
    assert sign_in_by(stranger, held.authenticator).status_code == 422
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    assert stranger.open("/profile").headers["Location"].startswith(QUESTION)
