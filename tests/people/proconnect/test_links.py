"""Accounts at ProConnect that are linked: by whom, for whom, by an invitation, and no longer."""

from datetime import timedelta

import time_machine

from portal.people.accounts.models import OpenSession, Person
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import Invitation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.tokens import new_token, token_hash
from tests.people.accounts.conftest import SECRET, with_password
from tests.people.proconnect.conftest import identities
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.proconnect import choose, finish, sign_in, start
from tests.support.second_factor import passkey
from tests.support.trail import audited_actions

LINKS, WAITING, QUESTION = "/profile/proconnect", "/sign-in/proconnect/waiting", "/second-factor"
CHANGED = "sub-after-the-ministry-joined"


def give_password(browser, person: Person, next_: str = ""):
    data = {"email": person.email, "password": SECRET, "next": next_}
    return browser.open("/sign-in", method="POST", data=data)


def invite(email: str) -> str:
    """Invite an address to a team; return the text of the link."""
    text = new_token()
    place = make.project().id
    make.invitation(scope_id=place, role=Role.TEAM_MEMBER, email=email, token_hash=token_hash(text))
    return text


def test_a_known_address_with_another_subject_enters_and_overwrites_nothing(linked, provider, stranger):
    before = identities()
    provider.subjects[linked.email] = CHANGED
    assert sign_in(stranger, linked.email).headers["Location"] == WAITING
    page = stranger.visit(WAITING)
    assert "Rien n’a été changé" in words_of(page.main)
    assert stranger.open("/profile").headers["Location"].startswith("/sign-in")
    assert identities() == before
    assert give_password(stranger, linked, LINKS).headers["Location"] == LINKS
    question = words_of(stranger.visit(LINKS).main)
    assert "Relier ce compte ProConnect" in question
    assert f"identifier avec {linked.email}" in question, "whom it would let in"
    assert "ne connaît pas. Relié, il" in question
    stranger.submit(f"{LINKS}/pending")
    assert identities() == [*before, (linked.id, CHANGED)]
    stranger.open("/sign-out", method="POST")
    assert sign_in(stranger, linked.email).headers["Location"] == "/"
    assert [row.facts["change"] for row in db.session.query(OutboxMessage)] == ["linked"]


def test_what_waits_to_be_linked_is_of_this_browser_and_serves_once(linked, provider, stranger, browser_for):
    provider.subjects[linked.email] = "another"
    sign_in(stranger, linked.email)
    browser_for(linked).submit(f"{LINKS}/pending", expect=422)
    give_password(stranger, linked)
    stranger.submit(f"{LINKS}/pending")
    page = stranger.submit(f"{LINKS}/pending", expect=422)
    assert "n’attend d’être relié" in words_of(page.main)


def test_what_waits_to_be_linked_ends_after_ten_minutes(linked, provider, stranger):
    provider.subjects[linked.email] = "another"
    sign_in(stranger, linked.email)
    give_password(stranger, linked)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        stranger.submit(f"{LINKS}/pending", expect=422)


def test_a_link_without_an_address_takes_it_at_the_next_sign_in(linked, provider, browser_for, stranger):
    """Links of 0.2.0 have none."""
    assert "Compte 1" in words_of(browser_for(linked).visit(LINKS).select_one("tbody"))
    sign_in(stranger, linked.email)
    assert linked.email in words_of(stranger.visit(LINKS).select_one("tbody"))
    provider.behaviour.userinfo_claims = lambda claims: claims | {"email": "autre@ministere.example"}
    sign_in(stranger, linked.email)
    assert db.session.query(FederatedIdentity).one().email == linked.email, "the one it was linked with stays"


def test_a_link_that_is_asked_again_takes_its_address(linked, provider, browser_for):
    sign_in(browser_for(linked), linked.email, f"{LINKS}/link")
    assert db.session.query(FederatedIdentity).one().email == linked.email


def test_a_closed_account_with_another_subject_is_named_closed(linked, provider, stranger):
    linked.disabled_at = clock.now()
    db.session.commit()
    before = identities()
    provider.subjects[linked.email] = CHANGED
    for offer in ("", invite("nouveau@ministere.example")):
        page = words_of(stranger._read(sign_in(stranger, linked.email, offer=offer), 422).main)
        assert "Votre compte du portail est fermé" in page
        assert "invitation" not in page
    assert stranger.open(WAITING).headers["Location"] == "/sign-in", "nothing waits"
    assert identities() == before


def test_a_signed_in_person_links_and_unlinks(ada, provider, browser_for):
    browser = browser_for(ada)
    answer = sign_in(browser, ada.email, "/profile/proconnect/link")
    assert answer.headers["Location"] == LINKS
    (row,) = db.session.query(FederatedIdentity)
    assert ada.email in words_of(browser.visit(LINKS).select_one("tbody"))
    question = browser.visit(f"{LINKS}/{row.id}/unlink")
    assert ada.email in words_of(question.main)
    assert len(identities()) == 1, "the question changes nothing"
    browser.submit(f"{LINKS}/{row.id}/unlink")
    assert identities() == []
    assert [action for action in audited_actions() if "proconnect" in action] == [
        "proconnect.linked",
        "proconnect.unlinked",
    ]


def test_a_subject_opens_one_account_alone(linked, provider, browser_for):
    other = browser_for(make.person())
    answer = sign_in(other, linked.email, "/profile/proconnect/link")
    assert answer.status_code == 422
    assert identities() == [(linked.id, provider.subject_of(linked.email))]


def test_a_link_is_made_for_whoever_asked_for_it(ada, provider, browser_for):
    browser = browser_for(ada)
    brought = choose(start(browser, "/profile/proconnect/link"), "evil@ministere.example")
    browser.open("/sign-out", method="POST")
    page = browser._read(finish(browser, brought), 422)
    assert "votre session a changé depuis" in words_of(page.main)
    assert identities() == []


def test_a_link_whose_session_ended_elsewhere_meanwhile_is_named(ada, provider, browser_for):
    browser = browser_for(ada)
    brought = choose(start(browser, "/profile/proconnect/link"), ada.email)
    db.session.query(OpenSession).update({"ended_at": clock.now()})
    page = browser._read(finish(browser, brought), 422)
    assert "n’est plus ouverte ici" in words_of(page.main)
    assert identities() == []


def test_the_only_way_in_is_not_unlinked(provider, browser_for):
    person = make.person()
    db.session.add(FederatedIdentity(person_id=person.id, issuer=provider.issuer, subject="s"))
    db.session.commit()
    (row,) = db.session.query(FederatedIdentity)
    browser_for(person).submit(f"{LINKS}/{row.id}/unlink", expect=422)


def test_an_invitation_opens_no_account_for_another_address(provider, stranger):
    text = invite("zoe@ministere.example")
    answer = sign_in(stranger, "tout.autre@ministere.example", offer=text)
    assert answer.status_code == 422
    assert "une autre adresse" in words_of(stranger._read(answer, 422).main)
    assert db.session.query(Person).filter_by(email="zoe@ministere.example").one_or_none() is None
    assert identities() == []


def test_an_invitation_opens_an_account_without_a_password(provider, stranger):
    text = invite("zoe@ministere.example")
    assert stranger.visit(f"/invitations/{text}").select_one("[name=offer]")["value"] == text
    assert (
        sign_in(stranger, "zoe@ministere.example", offer=text, next="/profile").headers["Location"]
        == "/profile"
    )
    person = db.session.query(Person).filter_by(email="zoe@ministere.example").one()
    assert person.password_hash is None
    assert identities() == [(person.id, "sub-zoe@ministere.example")]
    stranger.open("/sign-out", method="POST")
    assert sign_in(stranger, "zoe@ministere.example").status_code == 303


def test_another_persons_identity_that_waits_is_linked_to_nobody_else(linked, provider, stranger, app):
    coach = with_password(make.person(), app)
    before = identities()
    provider.subjects[linked.email] = CHANGED
    sign_in(stranger, linked.email)
    give_password(stranger, coach)
    assert "Relier ce compte" not in words_of(stranger.visit(LINKS).main)
    page = words_of(stranger.submit(f"{LINKS}/pending", expect=422).main)
    assert f"L’adresse de ce compte ProConnect, {linked.email}, a son propre compte" in page
    answer = sign_in(stranger, linked.email, f"{LINKS}/link")
    assert linked.email in words_of(stranger._read(answer, 422).main), "nor asked for anew"
    assert identities() == before


def test_what_waits_is_forgotten_when_another_person_signs_in(ada, provider, stranger, app):
    other = with_password(make.person(), app)
    for leave in (True, False):
        sign_in(stranger, "new@ministere.example")
        give_password(stranger, ada)
        assert "new@ministere.example" in words_of(stranger.visit(LINKS).main)
        if leave:
            stranger.open("/sign-out", method="POST")
        give_password(stranger, other)
        assert "new@ministere.example" not in words_of(stranger.visit(LINKS).main)
        stranger.submit(f"{LINKS}/pending", expect=422)
        stranger.open("/sign-out", method="POST")
    assert identities() == []


def test_an_old_session_links_and_unlinks_after_the_password_alone(linked, provider, browser_for):
    browser = browser_for(linked)
    (row,) = db.session.query(FederatedIdentity)
    with time_machine.travel(clock.now() + timedelta(hours=5), tick=False):
        for path in (f"{LINKS}/link", f"{LINKS}/pending", f"{LINKS}/{row.id}/unlink"):
            answer = browser.open(path, method="POST")
            assert answer.headers["Location"].startswith(QUESTION), path
        assert len(identities()) == 1
        browser.submit(QUESTION, password=SECRET)
        assert sign_in(browser, linked.email, f"{LINKS}/link").headers["Location"] == LINKS


def test_a_change_of_password_names_what_still_opens_the_account(linked, provider, browser_for):
    db.session.query(FederatedIdentity).one().email = linked.email
    passkey(linked, name="Ordinateur")
    browser = browser_for(linked)
    section = browser.visit("/profile").select_one("[aria-labelledby=my-password]")
    assert f"Compte ProConnect {linked.email}" in words_of(section)
    assert "Ordinateur" in words_of(section)
    new = "une autre phrase, longue"
    browser.submit("/profile/password", current_password=SECRET, password=new, repeated=new)
    (letter,) = db.session.query(OutboxMessage)
    assert (letter.kind, letter.facts["ways"]) == ("password-changed", "yes")


def test_a_known_address_with_another_subject_takes_no_invitation(linked, provider, stranger):
    before, text = identities(), invite("nouveau@ministere.example")
    provider.subjects[linked.email] = CHANGED
    assert sign_in(stranger, linked.email, offer=text).headers["Location"] == WAITING
    assert "invitation reste à prendre" in words_of(stranger.visit(WAITING).main)
    assert identities() == before
    assert db.session.query(Person).filter_by(email="nouveau@ministere.example").count() == 0
    assert db.session.query(Invitation).one().accepted_at is None


def test_a_linked_person_is_asked_before_they_take_the_invitation_of_another_address(
    linked, provider, stranger
):
    text = invite("nouveau@ministere.example")
    answer = sign_in(stranger, linked.email, offer=text, next="/projects")
    assert answer.headers["Location"] == f"/invitations/{text}"
    page = stranger.visit(f"/invitations/{text}")
    assert "pour une autre adresse" in words_of(page.main)
    stranger.submit(f"/invitations/{text}", expect=422)
    assert db.session.query(Invitation).one().accepted_at is None
