import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from portal.people.accounts.models import PasswordReset
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make

NEW = "lune vélo carton"
TYPED = {"password": NEW, "repeated": NEW}
GONE = "Ce lien a déjà servi, ou il a plus d’une heure."


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)


@pytest.fixture
def link(ada, app):
    reset = make.password_reset(ada)
    return f"/new-password/{get_service(TokenSealer, app).seal('password-reset', reset.id)}"


def test_the_sign_in_leads_to_the_forgotten_password(ada, stranger):
    link = stranger.visit("/sign-in").find("a", string="Mot de passe oublié")
    assert link["href"] == "/forgotten-password"
    page = stranger.visit("/forgotten-password")
    assert page.select_one("main [name=email]")["autocomplete"] == "email"


def test_one_answer_whether_the_address_has_an_account_or_not(ada, app, stranger):
    gone = with_password(make.person(email="gone@demo.example", disabled_at=clock.now()), app)
    stranger.visit("/forgotten-password")  # sets the cookie that its form needs
    answers = set()
    for email in (ada.email, "nobody@demo.example", gone.email):
        asked = stranger.open("/forgotten-password", method="POST", data={"email": email})
        shown = stranger.open(asked.headers["Location"], method="GET")
        told = [
            (name, value)
            for response in (asked, shown)
            for name, value in response.headers
            if name != "X-Request-ID"
        ]
        token = re.search(r'"X-CSRFToken": "([^"]*)"', shown.text)[1]
        text = shown.text.replace(token, "")  # it tells the time
        answers.add((asked.status_code, asked.text, text, tuple(told)))
    assert len(answers) == 1
    assert "Si cette adresse a un compte ouvert" in answers.pop()[2]
    assert len(db.session.scalars(sa.select(PasswordReset)).all()) == 5


@pytest.mark.parametrize("typed", ["", "nobody", "x" * 300 + "@demo.example"])
def test_what_is_not_an_address_is_refused_beside_its_field(ada, stranger, typed):
    page = stranger.submit("/forgotten-password", expect=422, email=typed)
    assert page.select_one("#email-messages .fr-message--error")


def test_a_new_password_is_chosen_by_the_link_and_serves_at_the_next_sign_in(ada, link, stranger):
    page = stranger.visit(link)
    assert "ada@demo.example" in page.main.text
    named = {field.get("autocomplete") for field in page.select("main input")}
    assert {"username", "new-password"} <= named
    page = stranger.submit("/new-password", **TYPED)
    assert "Votre mot de passe est changé." in page.text
    assert page.h1.text == "Se connecter"
    signed_in = stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": NEW})
    assert signed_in.headers["Location"] == "/"


def test_the_page_of_a_link_is_kept_nowhere_and_its_address_holds_no_token(link, stranger):
    opened = stranger.open(link, method="GET")
    assert opened.headers["Location"] == "/new-password"
    page = stranger.open("/new-password", method="GET")
    token = link.rpartition("/")[2]
    for answer in (opened, page):
        assert answer.headers["Cache-Control"] == "no-store"
        assert token not in answer.text
    assert token not in str(opened.headers)


def test_opening_a_link_decides_nothing(ada, app, link, stranger):
    for _ in range(2):  # a mail scanner, then the person
        stranger.visit(link)
    db.session.refresh(ada)
    assert get_service(PortalPasswordHasher, app).matches(ada.password_hash, SECRET)


@pytest.mark.parametrize(
    ("field", "typed"), [("password", "court"), ("password", "azerty123456"), ("repeated", "autre")]
)
def test_a_bad_password_is_refused_beside_its_field_and_the_link_still_serves(link, stranger, field, typed):
    stranger.visit(link)
    wrong = {"password": typed, "repeated": typed} if field == "password" else {"repeated": typed}
    page = stranger.submit("/new-password", expect=422, **TYPED | wrong)
    assert page.select_one(f"#{field}-messages .fr-message--error")
    assert not page.select("[type=password][value]:not([value=''])")
    stranger.submit("/new-password", **TYPED)


def test_a_link_that_has_served_says_so_and_how_to_ask_again(link, stranger, browser_for):
    late = browser_for(None)
    late.visit(link)
    stranger.visit(link)
    stranger.submit("/new-password", **TYPED)
    for answer in (
        late.visit(link, expect=410),
        late.visit("/new-password", expect=410),
        late.submit("/new-password", expect=410, **TYPED),
    ):
        assert GONE in answer.text
        assert answer.select_one("form[action='/forgotten-password'] [name=email]")


def test_a_link_too_old_tampered_with_or_of_another_purpose_opens_nothing(ada, app, link, stranger):
    seal, reset = get_service(TokenSealer, app).seal, make.password_reset(ada)
    sealed, _, signature = link.rpartition(".")
    tampered = [
        f"{sealed}.{signature[::-1]}",
        f"/new-password/{reset.id}",
        f"/new-password/{seal('address-old', reset.id)}",
        f"/new-password/{seal('password-reset', new_id())}",
        "/new-password/" + "x" * 500,
    ]
    for url in tampered:
        assert GONE in stranger.visit(url, expect=410).text
    with clock.frozen_at(clock.now() + timedelta(minutes=61)):
        assert GONE in stranger.visit(link, expect=410).text


def test_without_a_link_there_is_nothing_to_choose(ada, stranger):
    assert stranger.open("/new-password", method="GET").headers["Location"] == "/forgotten-password"
    answer = stranger.open("/new-password", method="POST", data=TYPED)
    assert answer.headers["Location"] == "/forgotten-password"


def test_whoever_was_signed_in_by_that_browser_is_not_any_more(ada, link, browser_for):
    somebody, elsewhere = browser_for(make.person()), browser_for(ada)
    somebody.visit(link)
    assert somebody.submit("/new-password", **TYPED).h1.text == "Se connecter"
    for browser in (somebody, elsewhere):
        assert browser.open("/profile", method="GET").status_code == 303


def test_a_link_used_by_several_at_once_serves_one(ada, app, link, browser_for):
    browsers = [browser_for(None) for _ in range(4)]
    for browser in browsers:
        browser.visit(link)
    together = Barrier(len(browsers))

    def use(client) -> int:
        together.wait()
        return client.post("/new-password", data=TYPED).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        told = sorted(pool.map(use, [browser.client for browser in browsers]))
    assert told == [303, 410, 410, 410]
    told = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert told == ["password-changed"]


SHORT = "treize signes"  # long enough for most, one character too short for an administrator


def sign_in(browser, person, password):
    browser.visit("/sign-in")
    given = {"email": person.email, "password": password, "next": ""}
    return browser.open("/sign-in", method="POST", data=given)


def test_who_became_an_administrator_with_a_short_password_chooses_another_first(app, ada, stranger):
    """A hash does not tell the length of a password, so it is checked at the next sign-in."""
    with_password(ada, app, SHORT)
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    sent = sign_in(stranger, ada, SHORT)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/new-password")
    assert stranger.open("/profile", method="GET").status_code == 303
    page = stranger.visit("/new-password")
    assert "trop court pour votre rôle" in page.text
    assert "14 caractères" in page.text
    again = {"password": SHORT, "repeated": SHORT}
    assert stranger.open("/new-password", method="POST", data=again).status_code == 422
    assert stranger.open("/new-password", method="POST", data=TYPED).status_code == 303
    sign_in(stranger, ada, NEW)
    assert stranger.open("/profile", method="GET").status_code == 200


def test_a_password_that_is_long_enough_for_its_roles_signs_in(app, ada, stranger):
    with_password(ada, app, SHORT)
    assert sign_in(stranger, ada, SHORT).headers["Location"] == "/"
