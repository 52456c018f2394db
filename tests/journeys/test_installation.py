"""Browser test of a new installation, from the first administrator to a closed sprint."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.platform.kernel import clock
from tests.support import live, server

pytestmark = pytest.mark.browser

PASSWORD = "une phrase assez longue"
ADMIN, LEAD, BEARER = (f"{name}@installation.example" for name in ("admin", "lead", "bearer"))


@pytest.fixture(scope="module")
def empty_portal(browser, make_app, tmp_path_factory):
    with live.portal(make_app, tmp_path_factory.mktemp("empty")) as running:
        yield running


def take_offer(visitor, portal, url: str, name: str):
    """Open an account by an invitation's link in a new browser."""
    window = visitor(portal=portal)
    window.go(url.removeprefix(portal.url))
    window.finds_no_fault()
    window.fill("Nom", name)
    window.page.locator("#password").fill(PASSWORD)
    window.page.locator("#repeated").fill(PASSWORD)
    window.press("Créer mon compte et accepter")
    window.sees("Bienvenue.")
    return window


def invite(window, email: str, role: str) -> str:
    """Create an invitation on the current page; return its link."""
    window.fill("Adresse électronique", email)
    window.page.get_by_label("Rôle").select_option(label=role)
    window.press("Envoyer l’invitation")
    link = window.page.get_by_label("Lien à transmettre").input_value()
    assert link.startswith(window.url)
    return link


def test_an_empty_installation_comes_to_a_first_closed_sprint(visitor, empty_portal):
    stranger = visitor(portal=empty_portal)
    stranger.go("/")
    stranger.sees("admin create")
    stranger.finds_no_fault()
    words = ("--email", ADMIN, "--name", "Ada", "--password", PASSWORD)
    server.flask(empty_portal.env, "admin", "create", *words)

    admin = visitor(portal=empty_portal)
    admin.sign_in(ADMIN, PASSWORD)
    admin.follow("Créer un programme")
    admin.fill("Nom en français", "Appel 2027")
    admin.click(admin.page.locator("summary", has_text="Le reste, à compléter"))
    admin.fill("Nom en anglais", "Call 2027")
    admin.fill("Premier jour du mois 1", (clock.today() - timedelta(days=20)).isoformat())
    admin.press("Créer le programme")
    offer = invite(admin, LEAD, "Direction de programme")

    lead = take_offer(visitor, empty_portal, offer, "Grace")
    lead.follow("Créer un projet")
    lead.fill("Organisation", "Office de l’eau")
    lead.fill("Titre en français", "Lire les cours d’eau")
    lead.press("Créer le projet")
    lead.sees("Projet créé")
    offer = invite(lead, BEARER, "Porteur de projet")

    bearer = take_offer(visitor, empty_portal, offer, "Hedy")
    bearer.go("/")
    bearer.navigate("Sprints")
    bearer.follow("Planifier un sprint")
    bearer.fill("But du sprint", "Voir les premières données")
    bearer.press("Planifier le sprint")
    bearer.press("Démarrer le sprint")
    bearer.follow("Clore le sprint 1")
    bearer.choose("Oui")
    bearer.press("Rien à signaler")
    bearer.sees("But atteint")

    lead.go("/portfolio")
    row = lead.page.locator("#portfolio .teams__row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("atteint")
    a_link_serves_once(visitor, empty_portal)


def a_link_serves_once(visitor, empty_portal):
    """The first administrator invites another."""
    admin = visitor(portal=empty_portal)
    admin.sign_in(ADMIN, PASSWORD, path="/sign-in?next=/administrators")
    offer = invite(admin, "second@installation.example", "Administrateur")
    take_offer(visitor, empty_portal, offer, "Mary")
    late = visitor(portal=empty_portal)
    late.go(offer.removeprefix(empty_portal.url), expected=404)
