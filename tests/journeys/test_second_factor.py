"""Browser test: codes with and without scripts, a lost phone, and a passkey of a virtual authenticator."""

import pyotp
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def enrol_codes(window) -> list[str]:
    """Set up one-time codes from the page of the second factor; return the recovery codes."""
    window.press("Ajouter une application de codes")
    window.finds_no_fault()
    secret = window.page.locator("figcaption code").inner_text().replace(" ", "")
    window.fill("Code à six chiffres", pyotp.TOTP(secret).now())
    window.press("Ajouter")
    return finish_enrolment(window)


def finish_enrolment(window) -> list[str]:
    window.finds_no_fault()
    window.press("Montrer mes codes")
    window.finds_no_fault()
    codes = window.page.locator("code.code").all_inner_texts()
    window.fill("Un des codes de secours", codes[0])
    window.press("Finir")
    window.sees("un second facteur sera demandé à chaque connexion")
    window.finds_no_fault()
    return codes


def test_a_lead_enrols_codes_and_loses_the_phone(visitor, team, width, script):
    window = visitor(width, script=script)
    window.sign_in(team.second_agent, path="/sign-in?next=/profile/second-factor")
    window.finds_no_fault()
    codes = enrol_codes(window)
    window.go("/profile/sessions")
    window.press("Se déconnecter partout")
    window.sign_in(team.second_agent)
    window.sees("Confirmer que c’est vous")
    window.finds_no_fault()
    window.follow("Je n’ai plus mon second facteur")
    window.finds_no_fault()
    window.fill("Code de secours", codes[1])
    window.press("Se connecter")
    window.sees("Votre second facteur, vos autres sessions et vos jetons sont retirés")
    enrol_codes(window)


def test_an_agent_adds_a_passkey_and_signs_in_by_it(visitor, team, touch):
    window = visitor()
    window.url = window.url.replace("127.0.0.1", "localhost")  # browsers make none for a number
    touch(window)
    window.sign_in(team.agent, path="/sign-in?next=/profile/second-factor")
    window.follow("Ajouter une clé d’accès")
    window.finds_no_fault()
    window.fill("Nom de la clé", "Ordinateur du bureau")
    window.press("Créer la clé")
    window.sees("Clé d’accès ajoutée")
    finish_enrolment(window)
    window.sees("Ordinateur du bureau")
    window.go("/profile/sessions")
    window.press("Se déconnecter partout")
    window.sees("Utiliser une clé d’accès")
    window.press("Utiliser une clé d’accès")
    expect(window.page.locator("h1")).not_to_have_text("Se connecter")
    window.go("/profile/second-factor")
    window.sees("Ordinateur du bureau")
    window.finds_no_fault()
