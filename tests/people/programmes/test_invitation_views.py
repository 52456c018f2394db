import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.programmes import commands, queries
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import INSTALLATION, Invitation, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.mail import letters
from tests.support import factories as make
from tests.support.browser import words_of

NEW = {"name": "Nour Petit", "password": "une phrase assez longue", "repeated": "une phrase assez longue"}


@pytest.fixture
def programme(app):
    return make.programme(slug="ami", name_fr="AMI IA", name_en="AI call")


@pytest.fixture
def inviter(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD, make.person(name="Camille Roux"))


@pytest.fixture
def token(programme, inviter):
    return invite(programme, inviter)


def invite(programme, inviter, role=Role.COACH) -> str:
    offer = RoleOffer(email="nour@demo.example", role=role)
    token = commands.invite_to_programme(make.actor(inviter), programme, offer)
    db.session.commit()
    return token


def roles_of(email: str, programme) -> set[Role]:
    db.session.rollback()
    person = db.session.scalar(sa.select(Person).where(Person.email == email))
    return set(queries.get_roles_in_scope(person.id, programme.id)) if person else set()


def test_a_stranger_reads_who_invites_to_what_as_what(token, browser_for):
    page = browser_for(None).visit(f"/invitations/{token}")
    said = words_of(page.main)
    assert "Camille Roux vous invite à rejoindre AMI IA." in said
    assert "Coach" in said
    assert "nour@demo.example" in said


def test_a_stranger_opens_an_account_and_is_signed_in(token, programme, browser_for):
    stranger = browser_for(None)
    page = stranger.submit(f"/invitations/{token}", **NEW)
    assert words_of(page.h1) == "AMI IA"
    assert "Nour Petit" in stranger.visit("/profile").text
    assert roles_of("nour@demo.example", programme) == {Role.COACH}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("password", "x" * 11),
        ("password", "x" * 257),
        ("repeated", "autre chose"),
    ],
)
def test_a_bad_account_is_refused_beside_its_field_and_none_is_made(token, browser_for, field, typed):
    both = {"repeated": typed} if field == "password" else {}
    page = browser_for(None).submit(f"/invitations/{token}", expect=422, **NEW | {field: typed} | both)
    assert page.select_one(f"#{field}-messages .fr-message--error")
    assert db.session.scalar(sa.select(Person).where(Person.email == "nour@demo.example")) is None


def test_an_administrator_to_be_is_asked_fourteen_characters(app, browser_for):
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    offer = RoleOffer(email="root@demo.example", role=Role.ADMINISTRATOR)
    token = commands.invite_to_role(make.actor(admin), queries.get_scope(INSTALLATION), offer)
    stranger = browser_for(None)
    assert "Au moins 14 caractères" in words_of(stranger.visit(f"/invitations/{token}").main)
    short = {"password": "x" * 13, "repeated": "x" * 13}
    page = stranger.submit(f"/invitations/{token}", expect=422, **NEW | short)
    assert "au moins 14" in page.select_one("#password-messages").text
    stranger.submit(f"/invitations/{token}", **NEW)
    stranger.visit("/administrators")


def test_an_address_with_an_account_signs_in_first_and_comes_back(token, browser_for):
    known = make.person(email="nour@demo.example")
    stranger = browser_for(None)
    page = stranger.visit(f"/invitations/{token}")
    assert not page.select("main [name=password]")
    sign_in = page.find("a", string="Se connecter pour accepter")["href"]
    back = stranger.visit(sign_in).select_one("main [name=next]")["value"]
    assert back == f"/invitations/{token}"
    page = stranger.submit(f"/invitations/{token}", expect=422, **NEW)
    assert "Cette adresse a déjà un compte" in page.text
    known.disabled_at = clock.now()
    db.session.commit()
    page = stranger.visit(f"/invitations/{token}")
    assert "est fermé" in words_of(page.main)
    assert not page.find("a", string="Se connecter pour accepter")


def test_who_is_signed_in_finds_it_and_accepts_with_one_button(token, programme, browser_for):
    person = make.person(name="Nour Petit", email="nour@demo.example")
    browser = browser_for(person)
    for path in ("/", "/inbox"):
        (link,) = browser.visit(path).select("main .fr-alert a")
        assert words_of(link) == "AMI IA, comme Coach"
        assert "Une invitation vous attend" not in words_of(browser_for(make.person()).visit(path).main)
    page = browser.visit(link["href"])
    assert not page.select("main [type=checkbox]")
    assert "Vous êtes connecté comme Nour Petit" in words_of(page.main)
    page = browser.submit(link["href"])
    assert "Coach" in page.select_one(".messages").text
    assert roles_of(person.email, programme) == {Role.COACH}
    assert not browser.visit("/inbox").select("main .fr-alert")


def test_a_role_already_held_is_said_and_the_invitation_stays(token, programme, browser_for):
    coach = make.role(programme.id, Role.COACH, make.person(email="nour@demo.example"))
    page = browser_for(coach).submit(f"/invitations/{token}", expect=422)
    assert "Cette personne a déjà ce rôle." in page.text
    assert queries.find_open_invitation(token)


def sealed(app, token: str) -> str:
    """Return the sealed id in the letter's link of the invitation with this token."""
    return get_service(TokenSealer, app).seal("invitation", queries.get_open_invitation(token).id)


def test_an_invitation_for_another_address_is_not_taken_by_mistake(token, programme, browser_for):
    other = make.person(name="Ada Martin", email="ada@ministere.example")
    browser = browser_for(other)
    said = words_of(browser.visit(f"/invitations/{token}").main)
    assert "Elle a été faite à nour@demo.example." in said
    assert "connecté comme Ada Martin, ada@ministere.example." in said
    page = browser.submit(f"/invitations/{token}", expect=422)
    assert "Cochez cette case" in page.select_one("#knowingly-messages").text
    assert queries.find_open_invitation(token)
    browser.submit(f"/invitations/{token}", knowingly="y")
    assert roles_of(other.email, programme) == {Role.COACH}


def test_an_administrators_invitation_is_for_its_address_alone(app, browser_for):
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    offer = RoleOffer(email="root@demo.example", role=Role.ADMINISTRATOR)
    token = commands.invite_to_role(make.actor(admin), queries.get_scope(INSTALLATION), offer)
    other = browser_for(make.person())
    page = other.visit(f"/invitations/{token}")
    assert "que par l’adresse invitée" in words_of(page.main)
    assert not page.select("main form")
    page = other.submit(f"/invitations/{token}", expect=422, knowingly="y")
    assert "Seule l’adresse invitée" in words_of(page.main)
    other.visit("/people", expect=404)
    root = browser_for(make.person(email="root@demo.example"))
    root.submit(f"/invitations/{token}")
    root.visit("/people")


def dead_tokens(app, programme, inviter) -> list[str]:
    """Return used, withdrawn, expired and unknown tokens, of both kinds of link."""
    kinds = Role.COACH, Role.OPERATOR, Role.OBSERVER
    used, withdrawn, expired = (invite(programme, inviter, kind) for kind in kinds)
    sent = [sealed(app, token) for token in (used, withdrawn, expired)]
    commands.accept_invitation(used, make.person(), knowingly=True)
    queries.get_open_invitation(withdrawn).revoked_at = clock.now()
    queries.get_open_invitation(expired).expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    forged = sent[0][:-3] + "AAA"
    other = get_service(TokenSealer, app).seal("password-reset", programme.id)
    return [used, withdrawn, expired, *sent, forged, other, "unknown", "x" * 3000]


def test_every_dead_link_gets_one_and_the_same_page(app, programme, inviter, browser_for):
    stranger, somebody = browser_for(None), browser_for(make.person())
    tokens = dead_tokens(app, programme, inviter)
    for browser in (stranger, somebody):
        pages = [browser.visit(f"/invitations/{token}", expect=404) for token in tokens]
        said = {words_of(page.main.h1) + words_of(page.select_one(".fr-text--lead")) for page in pages}
        assert len(said) == 1
        assert said.pop().startswith("Cette invitation ne sert plus")
        assert all("demandez-en une autre" in words_of(page.main) for page in pages)
        assert "nour@demo.example" not in str(pages)
        for token in tokens:
            browser.submit(f"/invitations/{token}", expect=404, **NEW)


def test_the_letter_leads_to_the_same_offer_and_serves_once(app, token, programme, browser_for):
    letter = db.session.query(OutboxMessage).one()
    assert (letter.kind, letter.address, letter.locale) == ("invitation", "nour@demo.example", "fr")
    assert letter.facts["role"] == "Coach"
    assert token not in str(letter.facts), "the outbox holds no secret"
    text = letters.build_letter_message(letter).get_body(("plain",)).get_content()
    assert "Camille Roux vous invite à rejoindre AMI IA." in text
    (link,) = re.findall(r"http://127.0.0.1:8000(/invitations/\S+)", text)
    assert token not in link
    page = browser_for(None).submit(link, **NEW)
    assert words_of(page.h1) == "AMI IA"
    assert roles_of("nour@demo.example", programme) == {Role.COACH}
    browser_for(None).visit(link, expect=404)
    browser_for(None).visit(f"/invitations/{token}", expect=404)


def test_a_letter_is_in_the_language_of_who_is_known_else_of_who_invites(programme, inviter):
    inviter.locale = "en"
    invite(programme, inviter)
    make.person(email="nour@demo.example", locale="fr")
    invite(programme, inviter, role=Role.OPERATOR)
    first, second = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    assert (first.locale, first.person_id, first.facts["role"]) == ("en", None, "Coach")
    assert (second.locale, second.facts["role"]) == ("fr", "Opérateur")
    assert second.person_id is not None


def test_two_at_once_make_one_account(app, token, programme):
    db.session.rollback()

    def take(_: int) -> int:
        client = app.test_client()
        with app.app_context():
            return client.post(f"/invitations/{token}", data=NEW).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(take, range(4)))
    assert answers == [303, 404, 404, 404]
    rows = sa.select(sa.func.count()).select_from
    assert db.session.scalar(rows(Person).where(Person.email == "nour@demo.example")) == 1
    assert db.session.scalar(rows(RoleAssignment).where(RoleAssignment.role == Role.COACH)) == 1
    assert db.session.scalar(sa.select(Invitation.accepted_at)) is not None


def test_an_invitation_without_an_inviter_or_a_place_still_reads(programme, token, browser_for):
    offer = queries.get_open_invitation(token)
    offer.invited_by_id, offer.place_fr, offer.place_en = None, "", ""
    db.session.commit()
    page = browser_for(None).visit(f"/invitations/{token}")
    assert "On vous invite à administrer ce portail." in words_of(page.main)


def test_a_new_invitation_takes_the_place_of_the_one_before(programme, inviter, browser_for):
    first, other = invite(programme, inviter), invite(programme, inviter, Role.OPERATOR)
    second = invite(programme, inviter)
    guest = browser_for(None)
    page = guest.visit(f"/invitations/{first}", expect=404)
    assert "une autre l’a remplacée" in words_of(page.main)
    guest.visit(f"/invitations/{other}")
    guest.submit(f"/invitations/{second}", **NEW)
    assert roles_of("nour@demo.example", programme) == {Role.COACH}


def test_who_invites_again_reads_that_the_link_before_serves_no_more(programme, inviter, browser_for):
    """And the dead link says where the living one is, as every dead link does."""
    browser, url = browser_for(inviter), "/programmes/ami/invitations"
    typed = {"email": "nour@demo.example", "role": Role.COACH.value}
    assert "Le lien précédent ne vaut plus" not in words_of(browser.submit(url, **typed).main)
    page = browser.submit(url, **typed)
    assert "Le lien précédent ne vaut plus : cette personne était déjà invitée" in words_of(page.main)
    other = browser.submit(url, **typed | {"role": Role.OPERATOR.value})
    assert "Le lien précédent ne vaut plus" not in words_of(other.main)
    for token in (dead_token(programme, inviter), "unknown"):
        gone = browser_for(None).visit(f"/invitations/{token}", expect=404)
        assert "seul le lien du courriel le plus récent vaut" in words_of(gone.main)


def dead_token(programme, inviter) -> str:
    first = invite(programme, inviter, Role.OBSERVER)
    invite(programme, inviter, Role.OBSERVER)
    return first
