import pytest
import sqlalchemy as sa

from portal.people.accounts.models import OpenSession, Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of

SIGN_IN = "/sign-in"
PROFILE = {"name": "Ada Martin", "locale": "fr", "time_zone": "Europe/Paris", "version": 2}
PASSWORDS = {"current_password": SECRET, "password": "une autre phrase", "repeated": "une autre phrase"}


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)


@pytest.fixture
def browser(ada, browser_for):
    return browser_for(ada)


def sign_in(browser, password=SECRET, **more):
    data = {"email": "ada@demo.example", "password": password} | more
    return browser.open(SIGN_IN, method="POST", data=data)


def test_an_empty_installation_says_what_to_do_next(stranger):
    page = stranger.visit(SIGN_IN)
    assert "flask --app wsgi admin create" in page.text
    assert not page.select("[name=password]")


def test_the_command_that_it_names_makes_the_account_of_this_portal(app, stranger):
    page = stranger.visit(SIGN_IN)
    (command,) = [words_of(code) for code in page.select("main code")]
    chosen = get_service(Settings, app)
    if chosen.is_sqlite:
        assert f"DATA_DIR={chosen.data_dir} .venv/bin/flask --app wsgi admin create" in command
    else:
        assert command.startswith("DATABASE_URL=… ")
        assert "telle qu’il l’a reçue" in words_of(page.main)


def test_the_sign_in_page_says_what_the_portal_is_and_helps_password_managers(ada, stranger):
    page = stranger.visit(SIGN_IN)
    assert "jusqu’à un prototype" in page.text
    assert page.select_one("[name=email]")["autocomplete"] == "username"
    assert page.select_one("[name=password]")["autocomplete"] == "current-password"


def test_a_person_signs_in_and_out_again(ada, stranger):
    assert sign_in(stranger).headers["Location"] == "/"
    stranger.visit("/profile")
    stranger.submit("/sign-out")
    assert stranger.open("/profile").headers["Location"].startswith(SIGN_IN)


def test_unknown_wrong_and_disabled_get_one_and_the_same_answer(ada, app, stranger):
    gone = with_password(make.person(email="gone@demo.example", disabled_at=clock.now()), app)
    answers = {
        words_of(stranger.submit(SIGN_IN, expect=422, email=email, password=password).main)
        for email, password in [
            (ada.email, "autre chose"),
            ("nobody@demo.example", SECRET),
            (gone.email, SECRET),
        ]
    }
    assert len(answers) == 1
    assert "Cette adresse et ce mot de passe ne vont pas ensemble." in answers.pop()


def test_a_refused_sign_in_keeps_the_address_and_never_the_password(ada, stranger):
    page = stranger.submit(SIGN_IN, expect=422, email="ada@demo.example", password="secret typed")
    assert page.select_one("[name=email]")["value"] == "ada@demo.example"
    assert "secret typed" not in str(page)


def test_each_sign_in_has_a_fresh_token_and_ends_the_one_before(ada, stranger):
    sign_in(stranger)
    first = stranger.client.get_cookie("portal").value
    sign_in(stranger)
    assert stranger.client.get_cookie("portal").value != first
    ended = db.session.scalars(sa.select(OpenSession.ended_at).order_by(OpenSession.id)).all()
    assert [moment is not None for moment in ended] == [True, False]


def test_a_session_is_of_no_use_after_sign_out(ada, browser):
    stolen = browser.client.get_cookie("portal").value
    browser.submit("/sign-out")
    browser.client.set_cookie("portal", stolen)
    assert browser.open("/profile").status_code == 303


def test_a_session_dies_with_its_account(ada, browser):
    browser.visit("/profile")
    ada.disabled_at = clock.now()
    db.session.commit()
    assert browser.open("/profile").status_code == 303


def test_a_lapsed_session_comes_back_to_the_page_that_was_asked(ada, stranger):
    asked = stranger.open("/profile?x=1").headers["Location"]
    form = stranger.visit(asked)
    back = form.select_one("main [name=next]")["value"]
    assert back == "/profile?x=1"
    assert sign_in(stranger, next=back).headers["Location"] == "/profile?x=1"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/profile",
        "javascript:alert(1)",
        "/\tevil",
        "/\r\nSet-Cookie: x=1",
        "/\u200b/evil.example",
        "/nowhere/at/all",
        "/sign-out",
        "profile",
        "/profile" + "x" * 2000,
    ],
)
def test_a_sign_in_leads_nowhere_but_to_a_page_of_ours(ada, stranger, browser, evil):
    posted = sign_in(stranger, next=evil)
    assert posted.headers.get("Location", "/") == "/"
    signed_in = browser.open(SIGN_IN, query_string={"next": evil})
    assert signed_in.headers["Location"] == "/"


def test_whoever_is_signed_in_goes_on(ada, browser):
    assert browser.open(SIGN_IN).headers["Location"] == "/"


@pytest.mark.parametrize("typed", [{}, {"email": "x" * 300, "password": "y" * 300}])
def test_a_sign_in_half_typed_or_endless_is_refused(ada, stranger, typed):
    stranger.submit(SIGN_IN, expect=422, **typed)


def test_a_profile_is_saved(ada, browser):
    page = browser.submit("/profile", **PROFILE | {"name": "Ada Lovelace", "locale": "en"})
    assert page.html["lang"] == "en"
    db.session.refresh(ada)
    assert ada.name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", "   "), ("name", "x" * 121), ("locale", "de"), ("time_zone", "Mars/Olympus")],
)
def test_a_bad_profile_is_refused_beside_its_field(browser, field, typed):
    page = browser.submit("/profile", expect=422, **PROFILE | {field: typed})
    assert page.select_one(f"#{field}-messages .fr-message--error")


def test_a_stale_profile_shows_both_texts_and_the_next_save_is_a_knowing_one(ada, browser):
    browser.submit("/profile", **PROFILE | {"name": "La première"})
    page = browser.submit("/profile", expect=409, **PROFILE | {"name": "La seconde"})
    assert {"La première", "La seconde"} <= {text.text for text in page.select(".two-texts .kept")}
    assert page.select_one("[name=name]")["value"] == "La seconde"
    version = page.select_one("[name=version]")["value"]
    page = browser.submit("/profile", **PROFILE | {"name": "La seconde", "version": version})
    assert page.select_one("[name=name]")["value"] == "La seconde"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, None])
def test_a_version_that_makes_no_sense_is_refused(browser, version):
    browser.submit("/profile", expect=422, **PROFILE | {"version": version})


def test_a_password_is_changed_and_other_sessions_end(ada, app, browser, browser_for):
    elsewhere = browser_for(ada)
    page = browser.submit("/profile/password", **PASSWORDS)
    assert "Vos autres sessions sont fermées." in page.text
    browser.visit("/profile")
    assert elsewhere.open("/profile").status_code == 303
    db.session.refresh(ada)
    assert get_service(PortalPasswordHasher, app).matches(ada.password_hash, "une autre phrase")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("current_password", "autre chose"),
        ("password", "court"),
        ("password", "x" * 257),
        ("password", "azerty123456"),
        ("repeated", "différent"),
    ],
)
def test_a_bad_password_is_refused_beside_its_field(browser, field, typed):
    twice = {"repeated": typed} if field == "password" else {}
    page = browser.submit("/profile/password", expect=422, **PASSWORDS | {field: typed} | twice)
    assert page.select_one(f"#{field}-messages .fr-message--error")
    assert not page.select("[type=password][value]:not([value=''])")


def test_the_profile_helps_password_managers(browser):
    page = browser.visit("/profile")
    named = {field.get("autocomplete") for field in page.select("main input")}
    assert {"username", "current-password", "new-password", "name"} <= named


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_language_is_remembered_by_the_browser_or_the_profile(ada, browser, stranger, locale):
    for reader in (browser, stranger):
        back = reader.open("/language", method="POST", data={"locale": locale, "next": "/legal"})
        assert back.headers["Location"] == "/legal"
        assert reader.visit("/legal").html["lang"] == locale
    assert db.session.get(Person, ada.id, populate_existing=True).locale == locale


def test_a_language_that_is_not_ours_changes_nothing(ada, browser):
    browser.open("/language", method="POST", data={"locale": "xx", "next": "//evil.example"})
    assert db.session.get(Person, ada.id, populate_existing=True).locale == "fr"


@pytest.mark.parametrize("page", ["/accessibility", "/legal", "/privacy"])
def test_the_public_pages_open_to_anybody(stranger, browser, page):
    stranger.visit(page)
    browser.visit(page)


def test_what_the_host_has_not_said_is_said_to_be_missing(stranger):
    assert "variable PUBLISHER" in stranger.visit("/legal").text
    statement = stranger.visit("/accessibility").text
    assert "75342 Paris CEDEX 07" in statement
    assert "non conforme" in statement
