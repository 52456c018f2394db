"""Browser test: reset a password, change the address, close sessions, by links in letters."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from portal.people.accounts.models import AddressChange, PasswordReset, Person
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer

pytestmark = pytest.mark.browser

NEW = "lune vélo carton"


def last_link(portal, page: str, purpose: str, model, email: str) -> str:
    """Return the path of the link in a person's last letter."""
    with portal.app.app_context():
        rows = (
            sa.select(model.id)
            .join(Person, Person.id == model.person_id)
            .where(Person.email == email)
            .order_by(model.id.desc())
        )
        id_ = db.session.scalars(rows).first()
        return f"{page}/{get_service(TokenSealer, portal.app).seal(purpose, id_)}"


def test_a_forgotten_password_is_replaced_by_a_letter(visitor, portal, team, width, script):
    window = visitor(width, script=script)
    window.go("/sign-in")
    window.follow("Mot de passe oublié")
    window.finds_no_fault()
    window.fill("Adresse électronique", team.agent)
    window.press("Recevoir un lien")
    window.sees("Si cette adresse a un compte ouvert")
    window.finds_no_fault()

    link = last_link(portal, "/new-password", "password-reset", PasswordReset, team.agent)
    window.go(link)
    expect(window.page).to_have_url(f"{window.url}/new-password")
    window.sees(team.agent)
    window.finds_no_fault()
    window.page.locator("#password").fill("azerty123456")
    window.page.locator("#repeated").fill("azerty123456")
    window.watch.expect(422)
    window.press("Changer le mot de passe")
    window.sees("Prenez plutôt quatre ou cinq mots")
    window.finds_no_fault()
    window.page.locator("#password").fill(NEW)
    window.page.locator("#repeated").fill(NEW)
    window.press("Changer le mot de passe")
    window.sees("Se connecter")
    window.go(link, expected=410)
    window.sees("Ce lien a déjà servi")
    window.finds_no_fault()
    window.sign_in(team.agent, NEW)


def test_an_address_changes_once_both_letters_are_answered(visitor, portal, team, width):
    new = f"new-{team.agent}"
    window, letters = visitor(width), visitor(width)
    window.sign_in(team.agent, path="/sign-in?next=/profile/address")
    window.finds_no_fault()
    window.fill("Nouvelle adresse électronique", new)
    window.fill("Mot de passe actuel", "demonstration-ami-ia")
    window.press("Recevoir les deux courriels")
    window.sees("Changement d’adresse en attente")
    window.finds_no_fault()

    for purpose in ("address-new", "address-old"):
        letters.go(last_link(portal, "/address-change", purpose, AddressChange, team.agent))
        letters.sees(new)
        letters.finds_no_fault()
        link = last_link(portal, "/address-change", purpose, AddressChange, team.agent)
        letters.press("Confirmer")
    letters.go(link, expected=410)
    letters.sees("Ce lien ne sert plus")
    letters.finds_no_fault()
    window.go("/profile")
    window.sees(new)


def test_somebody_who_did_not_ask_stops_the_change(visitor, portal, team, width):
    thief, owner = visitor(width), visitor(width)
    thief.sign_in(team.agent, path="/sign-in?next=/profile/address")
    thief.fill("Nouvelle adresse électronique", f"thief-{team.agent}")
    thief.fill("Mot de passe actuel", "demonstration-ami-ia")
    thief.press("Recevoir les deux courriels")
    thief.sees("Changement d’adresse en attente")
    owner.go(last_link(portal, "/address-change", "address-refusal", AddressChange, team.agent))
    owner.finds_no_fault()
    owner.press("Ce n’est pas moi")
    owner.sees("Mot de passe oublié")
    thief.go("/profile")
    thief.sees("Se connecter")


def test_a_session_left_open_elsewhere_is_closed(visitor, team, width, script):
    elsewhere, window = visitor(), visitor(width, script=script)
    elsewhere.sign_in(team.agent)
    window.sign_in(team.agent, path="/sign-in?next=/profile/sessions")
    window.sees("Chrome sous Linux")
    window.finds_no_fault()
    expect(window.page.locator("#content tbody tr")).to_have_count(2)
    window.press("Fermer toutes les autres")
    expect(window.page.locator("#content tbody tr")).to_have_count(1)
    elsewhere.go("/profile")
    elsewhere.sees("Se connecter")
    window.press("Se déconnecter partout")
    window.sees("Se connecter")
