"""The sign-in by ProConnect, its links, invitations, two factors, and the sign-out there."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import time_machine

from portal.people.accounts.models import OpenSession, Person
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import new_token, token_hash
from tests.people.accounts.conftest import SECRET
from tests.people.proconnect.conftest import identities
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.proconnect import choose, finish, sign_in, start
from tests.support.second_factor import code, enrol

RETURN = "/sign-in/proconnect/return"


def demand(app, role: Role) -> None:
    """Let a role demand a second factor; the fixture `provider` restores the settings."""
    provide_service(app, replace(get_service(Settings, app), second_factor_roles=(role,)))


def test_the_button_is_there_where_it_is_configured_alone(app, ada, stranger):
    assert "ProConnect" not in stranger.visit("/sign-in").text
    assert stranger.open("/sign-in/proconnect", method="POST").headers["Location"] == "/sign-in"


def test_the_button_is_proconnects_own_and_the_demonstrations_a_plain_one(app, linked, provider, stranger):
    text = new_token()
    place = make.project().id
    make.invitation(scope_id=place, role=Role.TEAM_MEMBER, token_hash=token_hash(text))
    pages = ("/sign-in", f"/invitations/{text}")
    for path in pages:
        assert not stranger.visit(path).select(".fr-connect, link[href*='dsfr.connect']")
    settings = get_service(Settings, app)
    real = replace(settings.proconnect, url="https://auth.agentconnect.gouv.fr/api/v2")
    provide_service(app, replace(settings, proconnect=real))
    for path in pages:
        page = stranger.visit(path)
        button = page.select_one("form[action='/sign-in/proconnect'] button.fr-connect--pro")
        assert words_of(button) == "S’identifier avec ProConnect"
        assert page.select_one("head link[href*='dsfr.connect']")


def test_the_request_is_as_documented(linked, provider, stranger):
    page = stranger.visit("/sign-in")
    assert "ProConnect (démonstration)" in words_of(page.main)
    assert "Qu’est-ce que ProConnect ?" in words_of(page.main)
    query = parse_qs(urlsplit(start(stranger)).query)
    assert query.keys() == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims"),
    }
    assert query["scope"] == ["openid given_name usual_name email"]
    assert query["redirect_uri"][0].endswith(RETURN)
    assert min(len(query["state"][0]), len(query["nonce"][0])) >= 32


def test_a_linked_person_signs_in_and_goes_where_they_were_going(linked, provider, stranger):
    assert sign_in(stranger, linked.email, next="/profile").headers["Location"] == "/profile"
    assert linked.name in stranger.visit("/profile").text
    row = db.session.query(FederatedIdentity).one()
    assert row.last_used_at is not None
    session = db.session.query(OpenSession).one()
    assert session.closed_id_token
    assert not session.closed_id_token.startswith("eyJ"), "encrypted"


def test_the_return_changes_nothing_by_itself_and_works_without_a_script(linked, provider, stranger):
    brought = choose(start(stranger), linked.email)
    page = stranger.visit(f"{RETURN}?code={brought['code']}&state={brought['state']}")
    assert page.select_one("form[action='/sign-in/proconnect/return'] button")
    assert db.session.query(OpenSession).count() == 0


def test_a_closed_account_stays_closed(linked, provider, stranger):
    linked.disabled_at = clock.now()
    db.session.commit()
    page = stranger._read(sign_in(stranger, linked.email), 422)
    assert "fermé" in words_of(page.main)


def test_an_unknown_person_waits_for_an_invitation(ada, provider, stranger):
    assert sign_in(stranger, "new@ministere.example").headers["Location"] == "/sign-in/proconnect/waiting"
    page = stranger.visit("/sign-in/proconnect/waiting")
    assert "new@ministere.example" in words_of(page.main)
    assert "sur invitation" in words_of(page.main)
    assert db.session.query(Person).count() == 1
    assert identities() == []


def test_a_persons_own_second_factor_is_asked_after_a_weak_sign_in(linked, provider, stranger):
    enrol(linked)
    answer = sign_in(stranger, linked.email, next="/profile")
    assert answer.headers["Location"] == "/second-factor?next=/profile"
    assert stranger.open("/profile").headers["Location"].startswith("/second-factor")
    stranger.submit("/second-factor", code=code())
    assert stranger.open("/profile").status_code == 200


def test_two_factors_at_the_provider_are_enough(linked, provider, stranger):
    enrol(linked)
    provider.behaviour.acr = "eidas2"
    assert sign_in(stranger, linked.email, next="/profile").headers["Location"] == "/profile"
    assert stranger.open("/profile").status_code == 200


def test_where_a_role_demands_it_the_provider_is_asked_a_second_time(app, linked, provider, stranger):
    demand(app, Role.ADMINISTRATOR)
    make.role(INSTALLATION, Role.ADMINISTRATOR, linked)
    answer = sign_in(stranger, linked.email, next="/profile")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["login_hint"] == [linked.email]
    assert '"essential": true' in query["claims"][0]
    assert db.session.query(OpenSession).count() == 0
    again = finish(stranger, choose(answer.headers["Location"], linked.email))
    assert again.headers["Location"] == "/profile"
    assert stranger.open("/profile").status_code == 200, "two factors there meet the demand"


def test_a_provider_that_asks_no_second_factor_leaves_it_to_the_portal(app, linked, provider, stranger):
    demand(app, Role.ADMINISTRATOR)
    make.role(INSTALLATION, Role.ADMINISTRATOR, linked)
    provider.behaviour.mfa_acr = "eidas1"
    answer = sign_in(stranger, linked.email)
    finish(stranger, choose(answer.headers["Location"], linked.email))
    assert stranger.open("/profile").headers["Location"].startswith("/profile/second-factor")


def test_an_act_that_matters_asks_the_provider_again(app, linked, provider, stranger):
    demand(app, Role.ADMINISTRATOR)
    make.role(INSTALLATION, Role.ADMINISTRATOR, linked)
    provider.behaviour.acr = "eidas1-mfa"
    sign_in(stranger, linked.email)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        assert stranger.open("/administrators").headers["Location"].startswith("/second-factor")
        page = stranger.visit("/second-factor?next=/administrators")
        assert page.select_one("form[action='/second-factor/proconnect']")
        stranger.submit("/second-factor", expect=422, password=SECRET)
        answer = sign_in(stranger, linked.email, "/second-factor/proconnect", next="/administrators")
        assert answer.headers["Location"] == "/administrators"
        assert stranger.open("/administrators").status_code == 200


def test_the_policy_of_forms_names_the_provider_and_nobody_else(make_app):
    url = "https://auth.agentconnect.gouv.fr/api/v2"
    app = make_app(PROCONNECT_URL=url, PROCONNECT_CLIENT_ID="portal", PROCONNECT_CLIENT_SECRET="s")
    policy = app.test_client().get("/health/live").headers["Content-Security-Policy"]
    assert "form-action 'self' https://auth.agentconnect.gouv.fr;" in policy
