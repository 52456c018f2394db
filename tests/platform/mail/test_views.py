import re
from dataclasses import replace

import pytest

from portal.people.programmes import commands as programmes
from portal.people.programmes import queries as roles
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import transport
from portal.platform.mail.queries import PER_PAGE
from portal.platform.mail.sending import MailRound
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def admin(app):
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.fixture
def browser(admin, browser_for):
    return browser_for(admin)


def given_up(**given):
    usual = {"given_up_at": clock.now(), "attempts": 12, "problem": "450 busy"}
    return make.letter(**usual | given)


def send_all(app) -> int:
    db.session.commit()
    return MailRound(transport.choose_transport(get_service(Settings, app))).run()


def test_a_new_installation_has_written_to_nobody(browser):
    page = browser.visit("/letters")
    assert "Le portail n’a encore écrit à personne." in words_of(page.main)


def test_what_was_given_up_comes_first_with_its_reason_and_its_way_out(browser):
    given_up(address="nour@demo.example")
    given_up(problem="TimeoutError")
    make.letter(sent_at=clock.now())
    page = browser.visit("/letters")
    said = words_of(page.main)
    assert "2 courriels n’ont pas pu partir." in said
    assert "Le serveur de courriel a répondu « 450 busy »." in said
    assert "Le serveur de courriel ne répond pas." in said
    assert "nour@demo.example" in said
    assert page.find("button", string="Tout relancer")
    assert len(page.select("main tbody tr")) == 2


def test_one_letter_or_all_are_tried_again(browser, app):
    letter = given_up()
    others = [given_up().id for _ in range(2)]
    page = browser.submit(f"/letters/{letter.id}/again")
    assert "Ce courriel repart dans un instant." in page.select_one(".messages").text
    page = browser.submit("/letters/again")
    assert "2 courriels repartent dans un instant." in page.select_one(".messages").text
    assert send_all(app) == 3
    again = browser.submit(f"/letters/{others[0]}/again", expect=422)
    assert "Ce courriel a déjà été relancé." in again.text


def test_many_letters_have_pages_and_cost_what_one_costs(browser, statements):
    given_up()
    browser.visit("/letters")
    before = len(statements)
    browser.visit("/letters")
    one = len(statements) - before
    for _ in range(PER_PAGE):
        given_up()
    before = len(statements)
    page = browser.visit("/letters")
    assert len(statements) - before == one
    assert len(page.select("main tbody tr")) == PER_PAGE
    page = browser.visit(page.select_one(".fr-pagination__link--next")["href"])
    assert len(page.select("main tbody tr")) == 1


@pytest.mark.parametrize("query", ["state=nothing", "page=-1", "page=x", f"page={10**30}"])
def test_a_strange_address_shows_a_page_all_the_same(browser, query):
    given_up()
    assert browser.visit(f"/letters?{query}").select("main tbody tr")


def test_a_demonstration_shows_what_its_letters_say(browser, app, admin):
    offer = RoleOffer(email="nour@demo.example", role=Role.ADMINISTRATOR)
    programmes.invite_to_role(make.actor(admin), roles.get_scope(INSTALLATION), offer)
    assert send_all(app) == 1
    page = browser.visit("/letters")
    assert "gardés sur cette machine" in page.text
    link = page.select_one("main tbody a")
    assert link.text == "Invitation à administrer le portail"
    said = browser.visit(link["href"]).select_one("main .kept").text
    assert re.search(r"http://\S+/invitations/\S+", said)


def test_production_shows_no_body_even_where_a_file_is_left(app, browser, tmp_path, monkeypatch):
    letter = make.letter(sent_at=clock.now())
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / f"{letter.message_key}.eml").write_text("Subject: x\n\nun secret")
    address = f"/letters/{letter.id}"
    chosen = replace(get_service(Settings, app), data_dir=tmp_path)
    monkeypatch.setitem(app.extensions, Settings, chosen)
    assert "un secret" in browser.visit(address).text
    live = replace(chosen, environment="production")
    monkeypatch.setitem(app.extensions, Settings, live)
    page = browser.visit(address)
    assert words_of(page.h1) == "Invitation à rejoindre AMI IA"
    assert not page.select("main .kept")
    assert "un secret" not in page.text
    assert "/invitations/" not in str(page.main)


def test_a_letter_that_waits_says_when_it_will_be_tried(browser):
    letter = make.letter(problem="SMTPServerDisconnected", attempts=3)
    said = words_of(browser.visit(f"/letters/{letter.id}").main)
    assert "Prochain essai" in said
    assert "Le serveur de courriel a coupé la connexion." in said
    assert "Relancer" not in said


def test_administrators_find_the_letters_in_the_menu(browser, browser_for):
    assert browser.visit("/letters").select("nav a[href='/letters'][aria-current]")
    lead = make.role(make.programme().id, Role.PROGRAMME_LEAD)
    assert not browser_for(lead).visit("/programmes").select("a[href='/letters']")


def test_a_letter_in_english_shows_its_english_subject(browser):
    make.letter(locale="en", sent_at=clock.now())
    page = browser.visit("/letters?state=sent")
    assert page.select_one("main tbody a").text == "Invitation to join AI call"
