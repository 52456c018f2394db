"""Proofs by the provider before acts that matter, its own session, and what is said when they fail."""

import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from portal.api.tokens.models import ApiToken
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.models import OpenSession
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.proconnect import choose, finish, sign_in, start
from tests.support.second_factor import code, enrol

PROVE = "/second-factor/proconnect"


@pytest.fixture
def administrator(app, linked, provider, stranger):
    """A browser whose administrator signed in by two factors at the provider, 16 minutes ago."""
    provide_service(app, replace(get_service(Settings, app), second_factor_roles=(Role.ADMINISTRATOR,)))
    make.role(INSTALLATION, Role.ADMINISTRATOR, linked)
    provider.behaviour.acr = "eidas1-mfa"
    sign_in(stranger, linked.email)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        yield stranger


def signed_in_there(provider, seconds_ago: float) -> None:
    def change(claims: dict) -> dict:
        return claims | {"auth_time": int(time.time() - seconds_ago)}

    provider.behaviour.id_claims = change


def test_an_old_sign_in_there_proves_nothing_and_leads_to_a_new_one(administrator, linked, provider):
    signed_in_there(provider, 16 * 60)
    answer = sign_in(administrator, linked.email, PROVE, next="/administrators")
    page = administrator._read(answer, 422)
    assert "plus de quinze minutes" in words_of(page.main)
    assert administrator.open("/administrators").headers["Location"].startswith("/second-factor")
    form = page.select_one("main form")
    typed = {"next": form.select_one("[name=next]")["value"]}
    url = administrator.open(form["action"], method="POST", data=typed).headers["Location"]
    assert url.startswith(f"{provider.issuer}/session/end?id_token_hint=")
    back = urlsplit(httpx.get(url).headers["location"])
    form = administrator.visit(f"{back.path}?{back.query}").select_one("main form")
    assert form["action"] == PROVE
    signed_in_there(provider, 0)
    typed = {"next": form.select_one("[name=next]")["value"]}
    assert sign_in(administrator, linked.email, PROVE, **typed).headers["Location"] == "/administrators"
    assert administrator.open("/administrators").status_code == 200


@pytest.mark.parametrize("moment", [1, "yesterday", True, -1, 10**12, 10**400, float("nan")])
def test_a_time_of_sign_in_that_is_old_or_none_proves_nothing(administrator, linked, provider, moment):
    provider.behaviour.id_claims = lambda claims: claims | {"auth_time": moment}
    assert sign_in(administrator, linked.email, PROVE).status_code == 422
    assert administrator.open("/administrators").headers["Location"].startswith("/second-factor")


def test_a_provider_that_says_no_time_is_believed(administrator, linked, provider):
    provider.behaviour.id_claims = lambda claims: {k: v for k, v in claims.items() if k != "auth_time"}
    assert sign_in(administrator, linked.email, PROVE, next="/profile").headers["Location"] == "/profile"


def test_a_proof_of_somebody_else_or_by_one_factor_is_named(administrator, linked, provider):
    words = words_of(administrator._read(sign_in(administrator, "other@ministere.example", PROVE), 422).main)
    assert "n’ouvre pas le compte du portail où vous êtes connecté" in words
    assert "Revenir au portail" in words
    provider.behaviour.mfa_acr = "eidas1"
    words = words_of(administrator._read(sign_in(administrator, linked.email, PROVE), 422).main)
    assert "ne vous a pas demandé deux facteurs" in words


def test_a_proof_whose_session_ended_meanwhile_is_named(administrator, linked, provider):
    brought = choose(start(administrator, PROVE), linked.email)
    db.session.query(OpenSession).update({"ended_at": clock.now()})
    page = administrator._read(finish(administrator, brought), 422)
    assert "n’est plus ouverte ici" in words_of(page.main)


def test_a_calendar_link_that_opens_nothing_says_so(administrator, linked, provider):
    settings = get_service(Settings)
    provide_service(administrator.client.application, replace(settings, second_factor_roles=()))
    administrator.submit("/inbox/calendar")
    provide_service(administrator.client.application, settings)
    page = administrator.visit("/inbox/calendar").main
    words = words_of(page)
    assert "Il faut d’abord un second facteur du portail" in words
    assert "n’ouvre donc rien" in words
    assert "Remplacer le lien" not in words
    assert [form["action"] for form in page.select("form")] == ["/inbox/calendar/revoke"]


def test_what_would_be_shut_is_not_made_and_the_pages_say_why(administrator, linked, provider):
    sign_in(administrator, linked.email, PROVE)
    for path, form in (("/profile/tokens", "/profile/tokens"), ("/inbox/calendar", "/inbox/calendar")):
        page = administrator.visit(path)
        assert "Il faut d’abord un second facteur du portail" in words_of(page.main)
        assert not page.select(f"form[action='{form}']")
        page = administrator.submit(path, expect=422, name="script", days="30")
        assert "sans lui, cela n’ouvrirait rien" in words_of(page.main)
    assert db.session.query(ApiToken).count() == db.session.query(CalendarLink).count() == 0
    words = words_of(administrator.visit("/profile/second-factor").main)
    assert "votre session est ouverte" in words
    assert "Le portail s’ouvre une fois" not in words
    enrol(linked)
    administrator.submit("/second-factor", code=code())
    administrator.submit("/inbox/calendar")
    assert db.session.query(CalendarLink).count() == 1


def test_a_sign_out_goes_on_to_the_provider_and_ours_is_closed_before(linked, provider, stranger):
    sign_in(stranger, linked.email)
    answer = stranger.open("/sign-out", method="POST")
    url = answer.headers["Location"]
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{provider.issuer}/session/end?")
    assert query.keys() == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in"), "whatever happens there"
    back = urlsplit(httpx.get(url).headers["location"])
    page = stranger.visit(f"{back.path}?{back.query}")
    assert "celle de ProConnect aussi" in words_of(page.main)
    assert "celle de ProConnect" not in words_of(stranger.visit(f"{back.path}?state=other").main)


def test_the_page_after_a_sign_out_knows_of_a_session_that_another_tab_opened(linked, provider, stranger):
    sign_in(stranger, linked.email)
    back = urlsplit(
        httpx.get(stranger.open("/sign-out", method="POST").headers["Location"]).headers["location"]
    )
    stranger.open("/sign-in", method="POST", data={"email": linked.email, "password": SECRET})
    for query in (back.query, "state=other"):
        page = stranger.visit(f"{back.path}?{query}")
        words = words_of(page.main)
        assert "déconnecté" not in words
        assert "Votre session du portail est fermée" not in words
        assert "une session du portail est ouverte dans ce navigateur" in words.lower()
        assert page.select_one("main form")["action"] == "/sign-out"
    assert stranger.open("/profile").status_code == 200


def test_another_account_ends_the_providers_session_first_and_goes_on(linked, provider, stranger):
    sign_in(stranger, "new@ministere.example")
    url = stranger.open("/sign-in/proconnect/other", method="POST").headers["Location"]
    assert url.startswith(f"{provider.issuer}/session/end?id_token_hint=")
    back = urlsplit(httpx.get(url).headers["location"])
    page = stranger.visit(f"{back.path}?{back.query}")
    assert "Choisissez un compte ProConnect" in words_of(page.main)
    action = page.select_one("main form")["action"]
    assert sign_in(stranger, linked.email, action).headers["Location"] == "/"
    stranger.open("/sign-out", method="POST")
    assert stranger.open("/sign-in/proconnect/other", method="POST").headers["Location"] == "/sign-in"


def test_another_language_on_the_page_of_what_waits_keeps_the_page(ada, provider, stranger):
    sign_in(stranger, "new@ministere.example")
    page = stranger.visit("/sign-in/proconnect/waiting")
    (back,) = {each["value"] for each in page.select("form[action='/language'] [name=next]")}
    answer = stranger.open("/language", method="POST", data={"locale": "en", "next": back})
    assert "new@ministere.example" in words_of(stranger.visit(answer.headers["Location"]).main)
    assert stranger.open("/sign-in/proconnect/return").headers["Location"] == "/sign-in", "nobody came back"


def test_a_sign_in_by_an_old_session_there_is_no_fresh_proof(administrator, linked, provider):
    signed_in_there(provider, 6 * 3600)
    assert sign_in(administrator, linked.email).status_code == 303
    assert administrator.open("/administrators").headers["Location"].startswith("/second-factor")


def test_a_person_without_a_factor_does_not_add_a_way_in_by_an_old_session_there(linked, provider, stranger):
    signed_in_there(provider, 6 * 3600)
    sign_in(stranger, linked.email)
    assert stranger.open("/profile").status_code == 200
    assert stranger.open("/profile/second-factor/passkeys").headers["Location"].startswith("/second-factor")


def test_a_sign_in_ends_the_session_that_was_open_in_this_browser(linked, provider, browser_for):
    other = make.person()
    browser = browser_for(other)
    sign_in(browser, linked.email)
    (ended,) = db.session.query(OpenSession).filter_by(person_id=other.id)
    assert ended.ended_at is not None
