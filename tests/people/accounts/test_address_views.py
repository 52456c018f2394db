import pytest

from portal.people.accounts import commands
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of

NEW = "ada@ministere.example"
PAGE = "/profile/address"
TYPED = {"email": NEW, "current_password": SECRET}


@pytest.fixture
def browser(ada, browser_for):
    return browser_for(ada)


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)


@pytest.fixture
def change(ada):
    return make.address_change(ada, email=NEW)


@pytest.fixture
def links(app, change):
    seal = get_service(TokenSealer, app).seal
    return {
        purpose: f"/address-change/{seal(purpose, change.id)}"
        for purpose in ("address-old", "address-new", "address-refusal")
    }


def test_a_change_that_waits_is_shown_on_the_profile_and_can_be_cancelled(browser):
    assert browser.visit("/profile").select_one(f"main a[href='{PAGE}']")
    for path in ("/profile", PAGE):
        assert "Un administrateur du portail réunit vos deux comptes" in words_of(browser.visit(path).main)
    page = browser.submit(PAGE, **TYPED)
    assert page.h1.text == "Mon profil"
    for page in (browser.visit("/profile"), browser.visit(PAGE)):
        assert NEW in page.main.text
        assert "Adresse actuelle : à confirmer." in words_of(page.main)
    page = browser.submit(f"{PAGE}/cancel")
    assert "Votre adresse reste la même." in page.text
    assert NEW not in browser.visit("/profile").text


def test_a_taken_address_gets_the_same_answer(browser):
    taken = make.person(email="taken@demo.example")
    pages, now = [], clock.now()
    for email in (NEW, taken.email):
        with clock.frozen_at(now):
            page = browser.submit(PAGE, **TYPED | {"email": email})
        pages.append(words_of(page.main).replace(email, "…"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", "nobody"), ("email", "ada@demo.example"), ("email", ""), ("current_password", "autre chose")],
)
def test_a_bad_wish_is_refused_beside_its_field(browser, field, typed):
    page = browser.submit(PAGE, expect=422, **TYPED | {field: typed})
    assert page.select_one(f"#{field}-messages .fr-message--error")
    assert not page.select("[type=password][value]:not([value=''])")


def test_both_links_are_confirmed_by_a_button_each_without_signing_in(ada, stranger, links):
    for purpose, said in [
        ("address-old", "Il reste à confirmer depuis l’autre adresse."),
        ("address-new", "Votre adresse est changée"),
    ]:
        stranger.visit(links[purpose])
        db.session.refresh(ada)
        assert ada.email == "ada@demo.example"
        assert said in stranger.submit("/address-change").text
    db.session.refresh(ada)
    assert ada.email == NEW


def test_an_address_that_has_confirmed_is_told_so(stranger, links):
    stranger.visit(links["address-new"])
    stranger.submit("/address-change")
    page = stranger.visit(links["address-new"])
    assert "Vous avez déjà confirmé" in page.text
    assert not page.select("main form")


def test_the_new_address_is_not_told_the_old_one_and_may_not_refuse_for_it(ada, stranger, links):
    page = stranger.visit(links["address-new"])
    assert ada.email not in page.text
    answer = stranger.open("/address-change/refusal", method="POST")
    assert answer.headers["Location"] == "/sign-in"
    stranger.visit(links["address-new"])


@pytest.mark.parametrize("purpose", ["address-old", "address-refusal"])
def test_the_old_address_says_it_was_not_them(ada, stranger, browser, links, purpose):
    page = stranger.visit(links[purpose])
    assert page.select_one("form[action='/address-change/refusal']")
    page = stranger.submit("/address-change/refusal")
    assert "toutes vos sessions sont fermées" in page.text
    assert page.h1.text == "Mot de passe oublié"
    assert browser.open("/profile", method="GET").status_code == 303
    stranger.visit(links["address-new"], expect=410)


def test_a_link_to_refuse_confirms_nothing(stranger, links):
    stranger.visit(links["address-refusal"])
    assert stranger.open("/address-change", method="POST").headers["Location"] == "/sign-in"
    stranger.visit(links["address-new"])


def test_a_link_that_serves_no_more_says_so(ada, stranger, links):
    stranger.visit(links["address-old"])
    commands.revoke_mail_links(ada)
    for answer in (
        stranger.visit("/address-change", expect=410),
        stranger.submit("/address-change", expect=410),
        stranger.submit("/address-change/refusal", expect=410),
        stranger.visit(links["address-old"], expect=410),
        stranger.visit(links["address-old"][:-1], expect=410),
    ):
        assert answer.h1.text == "Ce lien ne sert plus"


def test_an_address_taken_in_between_is_said_on_the_page(stranger, links):
    stranger.visit(links["address-old"])
    stranger.submit("/address-change")
    make.person(email=NEW)
    stranger.visit(links["address-new"])
    page = stranger.submit("/address-change", expect=422)
    assert "elle ne peut plus servir" in page.text


def test_the_page_of_a_link_is_kept_nowhere_and_its_address_holds_no_token(stranger, links):
    opened = stranger.open(links["address-old"], method="GET")
    assert opened.headers["Location"] == "/address-change"
    assert opened.headers["Cache-Control"] == "no-store"


def test_a_change_is_not_lost_by_a_profile_saved_meanwhile(ada, browser, stranger, links):
    for purpose in ("address-old", "address-new"):
        stranger.visit(links[purpose])
        stranger.submit("/address-change")
    page = browser.open(
        "/profile", method="POST", data={"name": "Ada", "locale": "fr", "time_zone": "UTC", "version": 2}
    )
    assert page.status_code == 401  # the change ended this session; the typed name is shown
    db.session.refresh(ada)
    assert ada.email == NEW
