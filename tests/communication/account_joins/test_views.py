"""The pages of a join, and the neutral refusal of a sign-in with the address that went."""

import re

import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of


def test_an_administrator_joins_two_accounts(admin, goes, stays, project, browser_for):
    make.role(project.id, Role.TEAM_LEAD, goes)
    desk, old = browser_for(admin), browser_for(goes)
    choose = f"/people/{goes.id}/join"
    assert "Réunir deux comptes" in words_of(desk.visit(f"/people/{goes.id}"))
    desk.visit(choose)
    unknown = desk.submit(choose, address="nobody@demo.example", stays="other", expect=422)
    assert "Aucun compte" in words_of(unknown)
    page = desk.submit(choose, address=stays.email, stays="other")
    path = f"/people/{goes.id}/join/{stays.id}"
    both = "Nour Haddad (nour@ancien.example) disparaît, Nour Haddad-Petit (nour@nouveau.example) reste."
    assert both in words_of(page)
    assert "Porteur" in words_of(page)
    digest = page.select_one("input[name=previewed_digest]")["value"]
    refused = desk.submit(
        path, reason="Une personne", address="autre@demo.example", previewed_digest=digest, expect=422
    )
    assert "Ce n’est pas l’adresse" in words_of(refused)
    typed = {"reason": "Une personne", "address": goes.email}
    stale = desk.submit(path, **typed, previewed_digest="0" * 32, expect=409)
    assert "relisez l’aperçu" in words_of(stale)
    fresh = stale.select_one("input[name=previewed_digest]")["value"]
    assert fresh == digest
    done = desk.submit(path, **typed, previewed_digest=fresh)
    assert "Les deux comptes sont réunis." in words_of(done)
    again = desk.submit(
        path, reason="Une personne", address="nour@ancien.example", previewed_digest=digest, expect=409
    )
    assert "déjà réuni" in words_of(again)
    assert old.open("/profile", method="GET").status_code == 303
    assert desk.open(f"/people/{goes.id}", method="GET").headers["Location"] == f"/people/{stays.id}"
    assert "nour@ancien" not in words_of(desk.visit("/people"))
    assert "Nour Haddad-Petit" in words_of(desk.visit("/people?q=nour@ancien.example").main)
    events = words_of(desk.visit(f"/people/{stays.id}").main)
    assert "Réuni avec un autre compte (nour@ancien.example)" in events
    assert "Compte fermé (nour@ancien.example)" in events


def test_its_address_is_refused_as_an_unknown_one_is(admin, goes, stays, browser_for, app):
    with_password(goes, app)
    desk = browser_for(admin)
    page = desk.submit(f"/people/{goes.id}/join", address=stays.email, stays="other")
    digest = page.select_one("input[name=previewed_digest]")["value"]
    path, address = f"/people/{goes.id}/join/{stays.id}", goes.email
    desk.submit(path, reason="Une personne", address=address, previewed_digest=digest)
    answers = []
    for email in (address, "never@demo.example"):
        stranger = browser_for(None)
        answer = stranger.submit("/sign-in", email=email, password=SECRET, expect=422)
        answers.append(words_of(answer).replace(email, "…"))
    assert answers[0] == answers[1]


def test_the_preview_costs_a_constant_number_of_statements(admin, goes, stays, browser_for, statements):
    desk = browser_for(admin)
    path = f"/people/{goes.id}/join/{stays.id}"
    counts = []
    for _round in range(3):
        project = make.project()
        make.role(project.id, Role.TEAM_LEAD, goes)
        make.role(project.id, Role.TEAM_MEMBER, stays)
        make.comment(project.discussion_id, goes)
        statements.clear()
        desk.visit(path)
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 40


def test_the_name_that_is_changed_later_is_that_of_the_old_lines(admin, goes, stays, browser_for):
    desk, own = browser_for(admin), browser_for(stays)
    page = desk.submit(f"/people/{goes.id}/join", address=stays.email, stays="other")
    digest = page.select_one("input[name=previewed_digest]")["value"]
    goes_id = goes.id
    desk.submit(
        f"/people/{goes.id}/join/{stays.id}",
        reason="Une personne",
        address=goes.email,
        previewed_digest=digest,
    )
    form = own.visit("/profile").find("form", action=re.compile("/profile$"))
    fields = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    assert fields["name"] == "Nour Haddad-Petit"
    zone = form.select_one("select[name=time_zone] option[selected]")
    more = {"time_zone": zone["value"]} if zone else {}
    sent = {"locale": "fr", **more, **{name: value for name, value in fields.items() if name == "version"}}
    own.submit("/profile", name="Nour Petit", **sent)
    assert db.session.scalar(sa.select(Person.name).where(Person.id == goes_id)) == "Nour Petit"
