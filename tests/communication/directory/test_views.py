import pytest

from portal.communication.directory.queries import PER_PAGE
from portal.people.accounts import commands as accounts
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def me(app):
    return make.role(INSTALLATION, Role.ADMINISTRATOR, make.person(name="Zoé Admin"))


@pytest.fixture
def admin(me, browser_for):
    return browser_for(me)


def link_to_end(person):
    held = db.session.query(RoleAssignment).filter_by(person_id=person.id).one()
    return f"/people/{person.id}/roles/{held.id}/end"


def rows(page):
    return [words_of(row.th.a) for row in page.select("#people tbody tr")]


def test_administrators_find_the_directory_in_the_menu_and_others_do_not(admin, browser_for):
    assert admin.visit("/").select_one("#navigation a[href='/people']")
    lead = browser_for(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    assert not lead.visit("/programmes").select_one("a[href='/people']")
    lead.visit("/people", expect=404)


def test_the_list_says_who_may_do_what_where(admin):
    programme = make.programme(name_fr="AMI IA")
    person = make.role(programme.id, Role.OBSERVER, make.person(name="Nour Petit"))
    for n in range(4):
        make.role(make.project(programme, acronym=f"P{n}").id, Role.TEAM_MEMBER, person)
    page = admin.visit("/people?q=nour")
    row = words_of(page.select_one("#people tbody tr"))
    assert "Nour Petit" in row
    assert person.email in row
    assert "Jamais utilisé" in row
    assert "Observateur AMI IA" in row
    assert "et 2 autres" in row


def test_filters_are_in_the_address_and_a_fragment_is_the_list_alone(admin):
    make.person(name="Nour", disabled_at=clock.now())
    page = admin.visit("/people?state=closed&sort=seen")
    assert rows(page) == ["Nour"]
    assert page.select_one("#state option[selected]")["value"] == "closed"
    assert "1 personne" in words_of(page.select_one("[data-announce]"))
    part = admin.with_htmx().visit("/people?state=closed")
    assert part.h1 is None
    assert rows(part) == ["Nour"]
    assert "Personne ne répond" in words_of(admin.visit("/people?q=zzz").main)


def test_a_filter_that_makes_no_sense_is_said_and_left_out(admin):
    page = admin.visit("/people?state=x&programme=gone&page=-1")
    assert "pas tenu compte : Page, Programme, Compte." in words_of(page.main)
    assert rows(page) == ["Zoé Admin"]


def test_pages_keep_the_filters(admin):
    for n in range(PER_PAGE + 1):
        make.person(name=f"Nour {n}")
    page = admin.visit("/people?q=nour")
    assert len(rows(page)) == PER_PAGE
    further = page.select_one("a[rel=next]")["href"]
    assert len(rows(admin.visit(further))) == 1


def test_fifty_people_cost_what_one_costs(admin, statements):
    def cost():
        statements.clear()
        admin.visit("/people")
        return len(statements)

    admin.visit("/people")
    few = cost()
    programme = make.programme()
    for _ in range(50):
        person = make.role(make.project(programme).id, Role.TEAM_MEMBER)
        make.role(programme.id, Role.COACH, person)
    assert cost() == few


def test_many_roles_and_deeds_cost_what_few_cost(admin, statements):
    def cost(person):
        admin.visit(f"/people/{person.id}")
        statements.clear()
        admin.visit(f"/people/{person.id}")
        return len(statements)

    programme = make.programme()
    one = make.role(make.project(programme).id, Role.TEAM_MEMBER)
    many = make.person()
    for _ in range(20):
        make.role(make.project(programme).id, Role.TEAM_MEMBER, many)
        accounts.disable_account(None, many)
        accounts.enable_account(None, many)
    accounts.disable_account(None, one)
    accounts.enable_account(None, one)
    assert cost(many) == cost(one)


def test_the_page_of_a_person_shows_no_secret_and_nothing_of_a_project_but_its_name(app, admin):
    project = make.project(acronym="HÉRON", title_fr="Un titre", problem="Un problème", learnings="Appris")
    person = with_password(make.role(project.id, Role.TEAM_LEAD), app)
    signed_in = accounts.open_session(person)
    make.comment(project.discussion_id, person, "Une confidence")
    page = admin.visit(f"/people/{person.id}")
    said = words_of(page.main)
    assert "Sessions ouvertes1" in said
    assert "HÉRON" in said
    for secret in (
        person.password_hash,
        signed_in.token,
        signed_in.session.token_hash,
        "Un titre",
        "Un problème",
        "Appris",
        "Une confidence",
        "/projects/",
    ):
        assert secret not in str(page)


def test_an_account_is_closed_and_opened_after_a_question(app, admin, browser_for):
    person = with_password(make.person(name="Nour Petit"), app)
    browser = browser_for(person)
    browser.visit("/profile")
    url = f"/people/{person.id}"
    question = admin.visit(url).find("a", string="Fermer le compte")["href"]
    assert "Fermer le compte de Nour Petit ?" in words_of(admin.visit(question).h1)
    assert db.session.get(type(person), person.id).disabled_at is None
    page = admin.submit(question)
    assert "Le compte est fermé." in words_of(page.main)
    last = [words_of(cell) for cell in page.select("#deeds ~ * tbody tr:first-child > *")]
    assert last[:2] == ["QuoiCompte fermé", "Par quiZoé Admin"]
    assert browser.open("/profile").status_code == 303
    again = page.find("a", string="Rouvrir le compte")["href"]
    admin.visit(again)
    assert "Le compte est rouvert." in words_of(admin.submit(again).main)
    typed = {"email": person.email, "password": SECRET}
    assert browser_for(None).open("/sign-in", method="POST", data=typed).status_code == 303


def test_ones_own_account_is_not_closed_and_the_page_says_so(me, admin):
    page = admin.visit(f"/people/{me.id}")
    assert "un autre administrateur peut le fermer" in words_of(page.main)
    assert not page.find("a", string="Fermer le compte")
    refused = admin.submit(f"/people/{me.id}/close", expect=403)
    assert "On ne ferme pas son propre compte." in words_of(refused.main)


def test_the_administrators_role_is_given_after_a_question_and_taken_back(admin, browser_for):
    person = make.person()
    browser = browser_for(person)
    browser.visit("/people", expect=404)
    link = admin.visit(f"/people/{person.id}").find("a", string="Donner le rôle d’administrateur")
    assert "Ce droit ne lui ouvre aucun projet." in words_of(admin.visit(link["href"]).main)
    page = admin.submit(link["href"])
    assert not page.find("a", string="Donner le rôle d’administrateur")
    browser.visit("/people")
    admin.visit(link_to_end(person))
    page = admin.submit(link_to_end(person))
    assert "Rôles terminés" in words_of(page.main)
    browser.visit("/people", expect=404)


def test_the_last_administrator_stays_and_is_told_why(me, admin):
    url = link_to_end(me)
    page = admin.submit(url, expect=422)
    assert "au moins une personne" in page.text
    make.role(INSTALLATION, Role.ADMINISTRATOR)
    admin.submit(url)
    admin.visit("/people", expect=404)


def test_a_role_is_taken_back_with_what_will_be_lost(admin):
    programme = make.programme()
    coach = make.role(programme.id, Role.COACH)
    for _ in range(2):
        make.role(make.project(programme).id, Role.COACH, coach)
    held = db.session.query(RoleAssignment).filter_by(scope_id=programme.id).one()
    url = f"/people/{coach.id}/roles/{held.id}/end"
    assert "dans les projets : 2." in words_of(admin.visit(url).main)
    assert "Cette personne ne tient aucun rôle." in words_of(admin.submit(url).main)


def test_who_is_not_there_is_not_found(admin, me):
    stray = make.programme().id
    admin.visit(f"/people/{stray}", expect=404)
    admin.visit(f"/people/{me.id}/roles/{stray}/end", expect=404)
    admin.visit("/people/x", expect=404)


def test_the_list_leads_to_the_invitation_form_of_each_programme(admin):
    programme = make.programme()
    make.role(programme.id, Role.PROGRAMME_LEAD)
    link = admin.visit("/people").select_one(f"a[href^='/programmes/{programme.slug}'][href$='#invitations']")
    assert words_of(link) == programme.name_fr
    assert admin.visit(link["href"]).select_one(".fold[open] #invitations")
    assert admin.visit("/inbox").select_one(".tools .menu__panel a[href='/people']")
