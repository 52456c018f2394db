"""Browser test: ProConnect and a passkey, a lost phone, and a subject that changes; in both languages."""

from collections.abc import Callable, Iterator

import httpx
import pyotp
import pytest
from playwright.sync_api import expect

from portal.people.accounts.models import Person
from portal.people.proconnect.models import FederatedIdentity
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.settings import API_PREFIX
from tests.journeys import look
from tests.journeys.person import DEMO_PASSWORD, Visitor
from tests.journeys.teams import Team, make_team
from tests.journeys.words import Say, in_both_languages, speak
from tests.support import api, live, proconnect
from tests.support.live import Portal
from tests.support.ports import free_port

pytestmark = [pytest.mark.browser, in_both_languages]


@pytest.fixture(scope="module")
def provider():
    with proconnect.serving() as serving:
        yield serving


@pytest.fixture(scope="module")
def portal(browser, make_app, tmp_path_factory, provider) -> Iterator[Portal]:
    """A portal with ProConnect, whose programme leads must have a second factor."""
    port = str(free_port())
    given = {
        "PORT": port,
        "PUBLIC_BASE_URL": f"http://localhost:{port}",  # browsers make no passkey for a number
        "PROCONNECT_URL": provider.issuer,
        "PROCONNECT_CLIENT_ID": provider.client_id,
        "PROCONNECT_CLIENT_SECRET": provider.client_secret,
        "OUTGOING_LOOPBACK": "1",
        "SECOND_FACTOR_ROLES": Role.PROGRAMME_LEAD.value,
    }
    with live.portal(make_app, tmp_path_factory.mktemp("ways"), **given) as running:
        yield running


@pytest.fixture
def team(portal) -> Team:
    return make_team(portal)


@pytest.fixture
def window_for(visitor, portal, width, script, locale) -> Callable[..., tuple[Visitor, Say]]:
    def open_window(*emails: str) -> tuple[Visitor, Say]:
        window = visitor(width, portal=portal, script=script)
        window.url = portal.url.replace("127.0.0.1", "localhost")
        return window, speak(portal, window, locale, *emails)

    return open_window


def looks_right(window: Visitor, locale: str) -> None:
    """Check a page: axe, its width, its language."""
    window.finds_no_fault()
    assert window.page.locator("html").evaluate(look.SIDEWAYS) == []
    assert window.page.locator("html").get_attribute("lang") == locale


@pytest.fixture
def subjects(portal, provider, team) -> dict[str, str]:
    """The provider's subjects by address; the agent's opens the account."""
    with portal.app.app_context():
        person = db.session.query(Person).filter_by(email=team.agent).one()
        identity = {"issuer": provider.issuer, "subject": provider.subject_of(team.agent)}
        db.session.add(FederatedIdentity(person_id=person.id, **identity))
        db.session.commit()
    return provider.subjects


def go_by_proconnect(window: Visitor, say: Say, email: str) -> None:
    """Press the button, be somebody at the provider, and come back."""
    window.press(say("ProConnect (démonstration)"))
    expect(window.page.locator("h1")).to_have_text("ProConnect (démonstration)")
    window.page.goto(f"{window.page.url}&as={email}")
    if not window.script:
        window.sees(say("ProConnect a répondu. Le portail vérifie sa réponse."))
        window.press(say("Continuer"))
    window.page.wait_for_url(f"{window.url}/**")


def sign_in(window: Visitor, say: Say, email: str, path: str = "/sign-in") -> None:
    window.go(path)
    type_password(window, say, email)


def type_password(window: Visitor, say: Say, email: str) -> None:
    window.fill(say("Adresse électronique"), email)
    window.fill(say("Mot de passe"), DEMO_PASSWORD)
    window.press(say("Se connecter"))
    expect(window.page.locator("#password")).to_have_count(0)


def finish_enrolment(window: Visitor, say: Say, locale: str) -> list[str]:
    window.press(say("Montrer mes codes"))
    looks_right(window, locale)
    codes = window.page.locator("code.code").all_inner_texts()
    window.fill(say("Un des codes de secours"), codes[0])
    window.press(say("Finir"))
    window.sees(say("C’est fait : un second facteur sera demandé à chaque connexion."))
    return codes


def enrol_codes(window: Visitor, say: Say, locale: str) -> list[str]:
    window.press(say("Ajouter une application de codes"))
    looks_right(window, locale)
    secret = window.page.locator("figcaption code").inner_text().replace(" ", "")
    window.fill(say("Code à six chiffres"), pyotp.TOTP(secret).now())
    window.press(say("Ajouter"))
    looks_right(window, locale)
    return finish_enrolment(window, say, locale)


def add_passkey(window: Visitor, say: Say, locale: str) -> None:
    window.follow(say("Ajouter une clé d’accès"))
    looks_right(window, locale)
    window.fill(say("Nom de la clé"), "Ordinateur du bureau")
    window.press(say("Créer la clé"))
    window.sees(say("Clé d’accès ajoutée."))


def test_an_agent_signs_in_by_proconnect_then_adds_a_second_factor(window_for, subjects, team, touch, locale):
    """A passkey where scripts run; without them the page of codes."""
    window, say = window_for(team.agent)
    window.go("/sign-in?next=/profile/second-factor")
    looks_right(window, locale)
    go_by_proconnect(window, say, team.agent)
    expect(window.page).to_have_url(f"{window.url}/profile/second-factor")
    looks_right(window, locale)
    if not window.script:
        enrol_codes(window, say, locale)
        return
    touch(window)
    add_passkey(window, say, locale)
    looks_right(window, locale)
    finish_enrolment(window, say, locale)
    looks_right(window, locale)
    window.switch(say("Se déconnecter"))
    window.sees(say("Votre session du portail est fermée, et celle de ProConnect aussi."))
    looks_right(window, locale)
    window.go("/sign-in?next=/profile/second-factor")
    window.press(say("Utiliser une clé d’accès"))
    window.sees("Ordinateur du bureau")


def test_a_lead_loses_a_phone(window_for, portal, team, touch, locale):
    elsewhere, say = window_for(team.leads)
    sign_in(elsewhere, say, team.leads)
    elsewhere.sees(say("Votre rôle demande un second facteur"))
    looks_right(elsewhere, locale)
    codes = enrol_codes(elsewhere, say, locale)
    if elsewhere.script:
        touch(elsewhere)
        add_passkey(elsewhere, say, locale)
    with portal.app.app_context():
        token = api.token(db.session.query(Person).filter_by(email=team.leads).one())
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{portal.url}{API_PREFIX}/projects", headers=headers).status_code == 200

    window, _say = window_for()
    sign_in(window, say, team.leads)
    window.sees(say("Confirmer que c’est vous"))
    looks_right(window, locale)
    window.follow(say("Je n’ai plus mon second facteur"))
    looks_right(window, locale)
    window.watch.expect(422)
    window.fill(say("Code de secours"), "aaaa-aaaa")
    window.press(say("Se connecter"))
    window.sees(say("Ce n’est pas un de vos codes de secours."))
    looks_right(window, locale)
    window.fill(say("Code de secours"), codes[1])
    window.press(say("Se connecter"))
    window.sees(
        say("Votre second facteur, vos autres sessions et vos jetons sont retirés. Choisissez-en un autre.")
    )
    window.sees(say("Votre rôle demande un second facteur"))
    looks_right(window, locale)
    assert httpx.get(f"{portal.url}{API_PREFIX}/projects", headers=headers).status_code == 401
    elsewhere.go("/profile")
    expect(elsewhere.page).to_have_url(f"{window.url}/sign-in?next=/profile")
    window.go("/profile")
    expect(window.page).to_have_url(f"{window.url}/profile/second-factor?next=/profile")
    assert window.page.get_by_text("Ordinateur du bureau").count() == 0
    enrol_codes(window, say, locale)
    window.go("/profile")
    looks_right(window, locale)


def test_the_subject_of_an_agent_changes(window_for, subjects, team, locale):
    """Nothing is entered; the account is proved by its password; both subjects open it until one goes."""
    subjects[team.agent] = f"new-{team.agent}"
    window, say = window_for(team.agent)
    window.go("/sign-in")
    go_by_proconnect(window, say, team.agent)
    window.sees(say("Ce compte ProConnect n’ouvre pas encore le portail"))
    window.sees(team.agent)
    looks_right(window, locale)
    window.go("/profile")
    expect(window.page).to_have_url(f"{window.url}/sign-in?next=/profile")
    window.go("/sign-in?next=/profile/proconnect")
    type_password(window, say, team.agent)
    window.sees(say("Relier ce compte ProConnect au vôtre ?"))
    looks_right(window, locale)
    window.click(window.page.get_by_role("button", name=say("Relier"), exact=True))
    window.sees(say("ProConnect ouvre désormais votre compte."))
    expect(window.page.locator("#content tbody tr")).to_have_count(2)
    looks_right(window, locale)
    for subject in (f"new-{team.agent}", f"sub-{team.agent}"):
        subjects[team.agent] = subject
        window.switch(say("Se déconnecter"))
        window.go("/sign-in?next=/profile/proconnect")
        go_by_proconnect(window, say, team.agent)
        expect(window.page).to_have_url(f"{window.url}/profile/proconnect")
    window.go("/profile")
    window.sees(say("Ouvrent toujours votre compte, même avec un autre mot de passe :"))
    looks_right(window, locale)
    window.go("/profile/proconnect")
    window.click(window.page.locator("#content tbody a").last)
    window.sees(say("Délier ce compte ProConnect ?"))
    looks_right(window, locale)
    window.press(say("Délier"))
    window.sees(say("Ce compte ProConnect n’ouvre plus le vôtre."))
    expect(window.page.locator("#content tbody tr")).to_have_count(1)
