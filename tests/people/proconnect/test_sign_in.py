"""The sign-in by ProConnect, its links, invitations, two factors, and the sign-out there."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import time_machine

from portal.people.accounts.models import OpenSession, Person
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service, provide
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import new_token, token_hash
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.proconnect import choose, finish, sign_in, start
from tests.support.second_factor import code, enrol
from tests.support.trail import audited_actions

LINKS, RETURN = "/profile/proconnect", "/sign-in/proconnect/return"


def identities() -> list[tuple[object, str]]:
    db.session.rollback()
    rows = db.session.query(FederatedIdentity).order_by(FederatedIdentity.id)
    return [(row.person_id, row.subject) for row in rows]


def demand(app, role: Role) -> None:
    """Let a role demand a second factor; the fixture `provider` restores the settings."""
    provide(app, replace(get_service(Settings, app), second_factor_roles=(role,)))


def test_the_button_is_there_where_it_is_configured_alone(app, ada, stranger):
    assert "ProConnect" not in stranger.visit("/sign-in").text
    assert stranger.open("/sign-in/proconnect", method="POST").headers["Location"] == "/sign-in"


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
    assert "eyJ" not in session.closed_id_token, "encrypted"


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


def test_a_known_address_with_another_subject_enters_and_overwrites_nothing(linked, provider, stranger):
    before = identities()
    provider.subjects[linked.email] = "sub-after-the-ministry-joined"
    page = stranger._read(sign_in(stranger, linked.email), 200)
    assert "Rien n’a été changé" in words_of(page.main)
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in")
    assert identities() == before
    data = {"email": linked.email, "password": SECRET, "next": LINKS}
    assert stranger.open("/sign-in", method="POST", data=data).headers["Location"] == LINKS
    assert "Relier ce compte ProConnect" in words_of(stranger.visit(LINKS).main)
    stranger.submit(f"{LINKS}/pending")
    assert identities() == [*before, (linked.id, "sub-after-the-ministry-joined")]
    stranger.open("/sign-out", method="POST")
    assert sign_in(stranger, linked.email).headers["Location"] == "/"
    assert [row.facts["change"] for row in db.session.query(OutboxMessage)] == ["linked"]


def test_what_waits_to_be_linked_is_of_this_browser_and_serves_once(linked, provider, stranger, browser_for):
    provider.subjects[linked.email] = "another"
    sign_in(stranger, linked.email)
    browser_for(linked).submit(f"{LINKS}/pending", expect=422)
    stranger.open("/sign-in", method="POST", data={"email": linked.email, "password": SECRET})
    stranger.submit(f"{LINKS}/pending")
    stranger.submit(f"{LINKS}/pending", expect=422)


def test_what_waits_to_be_linked_ends_after_ten_minutes(linked, provider, stranger):
    provider.subjects[linked.email] = "another"
    sign_in(stranger, linked.email)
    stranger.open("/sign-in", method="POST", data={"email": linked.email, "password": SECRET})
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        stranger.submit(f"{LINKS}/pending", expect=422)


def test_an_unknown_person_waits_for_an_invitation(ada, provider, stranger):
    page = stranger._read(sign_in(stranger, "new@ministere.example"), 200)
    assert "sur invitation" in words_of(page.main)
    assert db.session.query(Person).count() == 1
    assert identities() == []


def test_an_invitation_opens_an_account_without_a_password(provider, stranger):
    text = new_token()
    project = make.project()
    make.invitation(
        scope_id=project.id, role=Role.TEAM_MEMBER, email="zoe@ministere.example", token_hash=token_hash(text)
    )
    assert stranger.visit(f"/invitations/{text}").select_one("[name=offer]")["value"] == text
    assert (
        sign_in(stranger, "zoe@ministere.example", offer=text, next="/profile").headers["Location"]
        == "/profile"
    )
    person = db.session.query(Person).filter_by(email="zoe@ministere.example").one()
    assert person.password_hash is None
    assert identities() == [(person.id, "sub-zoe@ministere.example")]
    stranger.open("/sign-out", method="POST")
    assert sign_in(stranger, "zoe@ministere.example").status_code == 303


def test_a_signed_in_person_links_and_unlinks(ada, provider, browser_for):
    browser = browser_for(ada)
    answer = sign_in(browser, ada.email, "/profile/proconnect/link")
    assert answer.headers["Location"] == LINKS
    (row,) = db.session.query(FederatedIdentity)
    browser.submit(f"{LINKS}/{row.id}/unlink")
    assert identities() == []
    assert [action for action in audited_actions() if "proconnect" in action] == [
        "proconnect.linked",
        "proconnect.unlinked",
    ]


def test_a_subject_opens_one_account_alone(linked, provider, browser_for):
    other = browser_for(make.person())
    answer = sign_in(other, linked.email, "/profile/proconnect/link")
    assert answer.status_code == 422
    assert identities() == [(linked.id, provider.subject_of(linked.email))]


def test_a_link_is_made_for_whoever_asked_for_it(ada, provider, browser_for):
    browser = browser_for(ada)
    brought = choose(start(browser, "/profile/proconnect/link"), "evil@ministere.example")
    browser.open("/sign-out", method="POST")
    assert finish(browser, brought).status_code == 422
    assert identities() == []


def test_the_only_way_in_is_not_unlinked(provider, browser_for):
    person = make.person()
    db.session.add(FederatedIdentity(person_id=person.id, issuer=provider.issuer, subject="s"))
    db.session.commit()
    (row,) = db.session.query(FederatedIdentity)
    browser_for(person).submit(f"{LINKS}/{row.id}/unlink", expect=422)


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


def test_another_account_ends_the_providers_session_first(ada, provider, stranger):
    sign_in(stranger, "new@ministere.example")
    answer = stranger.open("/sign-in/proconnect/other", method="POST")
    assert answer.headers["Location"].startswith(f"{provider.issuer}/session/end?id_token_hint=")
    assert stranger.open("/sign-in/proconnect/other", method="POST").headers["Location"] == "/sign-in"


def test_the_policy_of_forms_names_the_provider_and_nobody_else(make_app):
    url = "https://auth.agentconnect.gouv.fr/api/v2"
    app = make_app(PROCONNECT_URL=url, PROCONNECT_CLIENT_ID="portal", PROCONNECT_CLIENT_SECRET="s")
    policy = app.test_client().get("/health/live").headers["Content-Security-Policy"]
    assert "form-action 'self' https://auth.agentconnect.gouv.fr;" in policy
