"""Once a role demands a second factor, no older way in opens anything without one."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from portal.api.tokens.models import ApiToken
from portal.communication.calendar.commands import create_or_replace_link
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel import clock
from portal.platform.kernel import settings as settings_module
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer, new_token, token_hash
from tests.communication.inbound_mail.test_replies import cited as cited  # noqa: PLC0414  a fixture
from tests.communication.inbound_mail.test_replies import mail, refusals, take_in
from tests.communication.notifications.conftest import team as team  # noqa: PLC0414  a fixture
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import api
from tests.support import factories as make
from tests.support.api import ApiClient, token
from tests.support.browser import words_of
from tests.support.second_factor import code, enrol

PAGE, QUESTION = "/profile/second-factor", "/second-factor"
CLOSED = "Votre rôle demande un second facteur"


@pytest.fixture
def demand(app):
    """Let a role demand a second factor from then on, as the administrator's setting does."""
    usual = get_service(Settings, app)

    def demand(role: Role) -> None:
        provide_service(app, replace(usual, second_factor_roles=(role,)))

    yield demand
    provide_service(app, usual)


@pytest.fixture(params=[Role.PROGRAMME_LEAD, Role.TEAM_LEAD, Role.TEAM_MEMBER], ids=str)
def demanded(request) -> Role:
    """A role that is named in the setting: any may be."""
    return request.param


@pytest.fixture
def lead(app, team, demanded) -> Person:
    """A person of the team with every way in, who holds the demanded role too."""
    person = with_password(team.nour, app)
    place = make.programme() if demanded is Role.PROGRAMME_LEAD else make.project()
    make.role(place.id, demanded, person)
    return person


def is_shut(browser) -> bool:
    """Whether a browser gets the enrolment, and nothing else."""
    shut = all(
        browser.open(path).headers["Location"].startswith(PAGE)
        for path in ("/", "/profile", "/projects", "/profile/tokens", "/inbox/calendar")
    )
    return shut and CLOSED in words_of(browser.visit(PAGE).main)


def test_each_default_role_demands_and_the_others_do_not():
    production = settings_module.SECOND_FACTOR_ROLES
    assert set(production) == {Role.ADMINISTRATOR, Role.PROGRAMME_LEAD, Role.OPERATOR, Role.JUROR}


def test_a_session_that_is_open_when_the_role_demands(lead, demand, browser_for, demanded):
    browser = browser_for(lead)
    assert browser.open("/profile").status_code == 200
    demand(demanded)
    assert is_shut(browser)


def test_a_session_that_is_open_when_the_role_is_given(lead, demand, browser_for):
    demand(Role.ADMINISTRATOR)
    browser = browser_for(lead)
    assert browser.open("/profile").status_code == 200
    make.role(INSTALLATION, Role.ADMINISTRATOR, lead)
    assert is_shut(browser)


def test_the_password(lead, demand, browser_for, demanded):
    demand(demanded)
    browser = browser_for(None)
    browser.open("/sign-in", method="POST", data={"email": lead.email, "password": SECRET})
    assert is_shut(browser)
    answer = browser.open("/inbox/calendar", method="POST")
    assert answer.headers["Location"].startswith(PAGE), "nor a form that is sent"


def test_the_link_of_a_forgotten_password(lead, demand, browser_for, demanded):
    demand(demanded)
    link = get_service(TokenSealer).seal("password-reset", make.password_reset(lead).id)
    browser = browser_for(None)
    browser.visit(f"/new-password/{link}")
    browser.submit("/new-password", password="une autre phrase, longue", repeated="une autre phrase, longue")
    assert browser.open("/profile").headers["Location"].startswith("/sign-in"), "it signs nobody in"
    data = {"email": lead.email, "password": "une autre phrase, longue"}
    browser.open("/sign-in", method="POST", data=data)
    assert is_shut(browser)


def test_an_invitation_that_opens_an_account(demand, browser_for, app):
    demand(Role.OPERATOR)
    text = new_token()
    make.invitation(scope_id=make.programme().id, role=Role.OPERATOR, token_hash=token_hash(text))
    browser = browser_for(None)
    phrase = "une phrase assez longue"
    data = {"name": "Zoé", "password": phrase, "repeated": phrase}
    assert browser.open(f"/invitations/{text}", method="POST", data=data).status_code == 303
    assert is_shut(browser)


def test_a_token_of_the_api(app, lead, demand, demanded):
    client = ApiClient(app, token(lead))
    assert client.ask("GET", "/projects").status_code == 200
    demand(demanded)
    answer = client.ask("GET", "/projects")
    assert answer.status_code == 403
    assert answer.json["code"] == "second_factor_required"
    assert answer.json["title"] == "Il manque un second facteur."
    assert PAGE in answer.json["detail"], "the remedy has an address"
    answer = client.ask("GET", "/projects", accept_language="en")
    assert answer.json["title"] == "A second factor is missing."
    assert "One of your roles requires a second factor of the portal" in answer.json["detail"]


def test_a_token_of_one_programme_whose_person_leads_another(app, lead, demand, demanded):
    client = ApiClient(app, token(lead, programme_id=make.programme().id))
    demand(demanded)
    assert client.ask("GET", "/projects").status_code == 403


def test_a_token_of_a_machine_while_its_maker_lacks_one(app, team, demand, browser_for):
    """A machine has no factor: whoever made it answers for it."""
    programme = db.session.get_one(Programme, team.project.programme_id)
    account = api.machine(team.lead, programme)
    client = ApiClient(app, api.machine_token(team.lead, programme, account.id))
    demand(Role.TEAM_LEAD)
    assert client.ask("GET", "/programmes").status_code == 200, "of another role nothing is demanded"
    demand(Role.PROGRAMME_LEAD)
    answer = client.ask("GET", "/programmes")
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor_required")
    assert "Qui a créé ce compte de machine" in answer.json["detail"]
    other = make.role(programme.id, Role.PROGRAMME_LEAD)
    enrol(other)
    browser = browser_for(other)
    browser.submit(QUESTION, code=code())
    page = browser.visit(f"/programmes/{programme.slug}/machines/{account.id}").main
    assert f"{team.lead.name} n’a pas de second facteur" in words_of(page)
    assert "Créer le jeton" not in words_of(page)
    with pytest.raises(RuleBroken):
        api.machine_token(other, programme, account.id)
    db.session.rollback()
    enrol(team.lead)
    assert client.ask("GET", "/programmes").status_code == 200


def test_a_new_token_asks_for_a_fresh_factor(lead, demand, browser_for, demanded):
    demand(demanded)
    browser = browser_for(lead)
    assert browser.open("/profile/tokens", method="POST").headers["Location"].startswith(PAGE)
    enrolled(browser)
    data = {"name": "script", "days": "30", "access": "read"}
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = browser.open("/profile/tokens", method="POST", data=data)
        assert answer.status_code == 401, "the form is kept, and the way to the question is shown"
        assert db.session.query(ApiToken).count() == 0


def test_a_calendar_link(lead, demand, browser_for, demanded):
    link = create_or_replace_link(make.actor(lead))
    db.session.commit()
    reader = browser_for(None)
    assert reader.open(f"/calendar/{link}.ics").status_code == 200
    demand(demanded)
    assert reader.open(f"/calendar/{link}.ics").status_code == 404


def test_a_reply_by_mail(app, lead, demand, cited, demanded):
    settings = get_service(Settings)
    provide_service(app, replace(settings, second_factor_roles=(demanded,)))
    assert take_in(app, mail(to=cited)) == 0
    assert refusals() == [("nour@demo.example", "no_factor")]


def enrolled(browser) -> None:
    page = browser.submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    browser.submit(f"{PAGE}/codes", code=code(secret=secret))
    page = browser.submit(f"{PAGE}/recovery/new")
    browser.submit(f"{PAGE}/recovery", code=words_of(page.select_one("code.code")))


def test_an_enrolment_opens_the_session_and_ends_older_tokens_and_links(
    app, lead, demand, browser_for, demanded
):
    text, link = token(lead), create_or_replace_link(make.actor(lead))
    db.session.commit()
    demand(demanded)
    browser = browser_for(lead)
    enrolled(browser)
    assert browser.open("/profile").status_code == 200
    assert ApiClient(app, text).ask("GET", "/projects").status_code == 401
    assert browser_for(None).open(f"/calendar/{link}.ics").status_code == 404


def test_what_a_person_keeps_by_name_stays(app, lead, demand, browser_for, demanded):
    text, link = token(lead), create_or_replace_link(make.actor(lead))
    db.session.commit()
    demand(demanded)
    browser = browser_for(lead)
    page = browser.submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    browser.submit(f"{PAGE}/codes", code=code(secret=secret))
    page = browser.submit(f"{PAGE}/recovery/new")
    choices = {words_of(box.find_next("label")): box["value"] for box in page.select("[name=keep]")}
    assert choices.keys() == {"Jeton d’accès « script »", "Lien de calendrier"}
    typed = {"code": words_of(page.select_one("code.code")), "keep": choices["Lien de calendrier"]}
    browser.submit(f"{PAGE}/recovery", **typed)
    assert ApiClient(app, text).ask("GET", "/projects").status_code == 401
    assert browser_for(None).open(f"/calendar/{link}.ics").status_code == 200


def test_who_must_have_one_does_not_remove_the_last(lead, demand, browser_for, demanded):
    demand(demanded)
    browser = browser_for(lead)
    enrolled(browser)
    sentence = "ajoutez-en un autre pour pouvoir retirer celui-ci"
    page = browser.visit(PAGE).main
    assert sentence in words_of(page)
    assert not page.select(f"a[href='{PAGE}/codes/remove']")
    assert sentence in words_of(browser.visit(f"{PAGE}/codes/remove").main)
    page = browser.submit(f"{PAGE}/codes/remove", expect=422)
    assert CLOSED in words_of(page.main)


def test_after_a_recovery_who_must_have_one_enrols_again(lead, demand, browser_for, demanded):
    demand(demanded)
    browser = browser_for(lead)
    page = browser.submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    browser.submit(f"{PAGE}/codes", code=code(secret=secret))
    shown = [words_of(each) for each in browser.submit(f"{PAGE}/recovery/new").select("code.code")]
    browser.submit(f"{PAGE}/recovery", code=shown[0])
    other = browser_for(None)
    other.open("/sign-in", method="POST", data={"email": lead.email, "password": SECRET})
    assert other.open("/profile").headers["Location"].startswith(QUESTION)
    other.submit("/second-factor/recovery", code=shown[1])
    assert is_shut(other)


def test_a_closed_account_that_is_opened_again_has_no_older_door(app, lead, browser_for):
    text, link = token(lead), create_or_replace_link(make.actor(lead))
    db.session.commit()
    browser = browser_for(lead)
    administrator = make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR))
    accounts.disable_account(administrator, lead)
    accounts.enable_account(administrator, lead)
    db.session.commit()
    assert browser.open("/profile").headers["Location"].startswith("/sign-in")
    assert ApiClient(app, text).ask("GET", "/projects").status_code == 401
    assert browser_for(None).open(f"/calendar/{link}.ics").status_code == 404
