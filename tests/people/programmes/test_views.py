import pytest
import sqlalchemy as sa

from portal.people.programmes.models import INSTALLATION, Invitation, Programme, RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.browser import words_of

NEW = {
    "name_fr": "AMI IA 2018",
    "name_en": "AI Call 2018",
    **{"about_fr": "", "about_en": "", "starts_on": "2018-11-21"},
    **{"months": "10", "test_retention": "12"},
    "tracks": "Technique\nStratégique",
}
HERE = "/programmes/ami"


@pytest.fixture
def programme(app):
    return make.programme(slug="ami", name_fr="AMI", name_en="Call")


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.fixture
def admin(app, browser_for):
    return browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def assignment_of(person) -> RoleAssignment:
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return db.session.scalars(mine).one()


def test_an_empty_list_says_what_belongs_there(admin, browser_for):
    assert admin.visit("/programmes").find("a", string="Créer un programme")
    page = browser_for(make.person()).visit("/programmes")
    assert "dès qu’une invitation" in page.text
    assert not page.find("a", string="Créer un programme")


def test_an_administrator_creates_a_programme_and_lands_on_it(admin):
    assert not admin.visit("/programmes/new").select(".fr-col-6 [name=starts_on]")  # whole on a phone
    page = admin.submit("/programmes/new", **NEW)
    assert words_of(page.h1) == "AMI IA 2018"
    assert "Technique, Stratégique" in page.text


def test_a_double_click_creates_one_programme(admin):
    for _ in range(2):
        page = admin.submit("/programmes/new", **NEW, form_key="same")
        assert words_of(page.h1) == "AMI IA 2018"
    assert count(Programme) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name_fr", "  "),
        ("name_fr", "x" * 121),
        ("about_fr", "x" * 2001),
        ("starts_on", "hier"),
        ("starts_on", "1871-03-18"),
        ("starts_on", "9999-01-01"),
        ("months", "0"),
        ("test_retention", "0"),
        ("test_retention", "61"),
        ("months", "37"),
        ("months", "9" * 5000),
        ("months", "dix"),
        ("tracks", ""),
        ("tracks", "Un\nUn"),
        ("tracks", "!\n?"),
        ("tracks", "\n".join(f"Volet {n}" for n in range(13))),
        ("tracks", "x" * 121),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field_and_kept(admin, field, typed):
    page = admin.submit("/programmes/new", expect=422, **NEW | {field: typed})
    assert page.select_one(f"#{field}-messages .fr-message--error")
    kept = page.select_one(f"[name={field}]")
    assert words_of(kept) or kept.get("value") or not typed.strip()
    assert page.select_one("[name=name_en]")["value"] == NEW["name_en"]
    assert ("120 caractères au plus" in words_of(page.main)) is ((field, typed) == ("tracks", "x" * 121))
    assert count(Programme) == 0


def test_a_name_already_taken_is_refused_beside_it(admin):
    admin.submit("/programmes/new", **NEW)
    page = admin.submit("/programmes/new", expect=422, **NEW)
    assert "porte déjà ce nom" in page.select_one("#name_fr-messages").text


def test_nobody_else_creates_programmes(lead, browser_for):
    lead.visit("/programmes/new", expect=403)
    lead.submit("/programmes/new", expect=403, **NEW)


def test_strangers_to_a_programme_find_nothing(programme, browser_for):
    stranger = browser_for(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    for url in (HERE, f"{HERE}/edit"):
        stranger.visit(url, expect=404)
    stranger.submit(f"{HERE}/edit", expect=404, **NEW)
    stranger.submit(f"{HERE}/invitations", expect=404, email="a@b.example", role="coach")


@pytest.mark.parametrize("role", [Role.COACH, Role.JUROR, Role.OPERATOR, Role.OBSERVER])
def test_others_of_a_programme_read_it_without_its_people_and_change_nothing(programme, browser_for, role):
    hidden = make.role(programme.id, Role.PROGRAMME_LEAD)
    browser = browser_for(make.role(programme.id, role))
    page = browser.visit(HERE)
    if awaited := page.main.find(id="next"):  # a coach without a team is told who will give one
        awaited.parent.extract()
    assert hidden.name not in page.text
    assert bool(awaited) is (role is Role.COACH)
    assert not page.select("main form")
    browser.visit(f"{HERE}/edit", expect=403)
    browser.submit(f"{HERE}/edit", expect=403, **NEW)
    browser.submit(f"{HERE}/invitations", expect=403, email="a@b.example", role="coach")
    browser.visit(f"{HERE}/roles/{assignment_of(hidden).id}/end", expect=403)


def test_a_lead_sees_people_by_role_and_the_way_to_the_portfolio(programme, lead):
    coach, *leads = (make.role(programme.id, role).name for role in (Role.COACH, *2 * [Role.PROGRAMME_LEAD]))
    page = lead.visit(HERE)
    assert coach in page.text
    assert page.select("main a[href^='/portfolio']")
    summaries = [words_of(fold.summary) for fold in page.select(".folds > .fold:not([open])")]
    assert all(text in summaries[0] for text in ("4 personnes, dont à la direction : ", *leads))
    assert summaries[1] == "Inviter quelqu’un"
    assert lead.visit(f"{HERE}?role=coach").select_one(".fold[open] #invitations")


def test_a_programme_is_edited(programme, lead):
    page = lead.submit(f"{HERE}/edit", **NEW | {"version": 1})
    assert words_of(page.h1) == "AMI IA 2018"


def test_a_stale_edit_shows_both_texts(programme, lead):
    lead.submit(f"{HERE}/edit", **NEW | {"version": 1, "about_fr": "La première"})
    page = lead.submit(f"{HERE}/edit", expect=409, **NEW | {"version": 1, "about_fr": "La seconde"})
    assert {"La première", "La seconde"} <= {text.text for text in page.select(".two-texts .kept")}
    assert words_of(page.select_one("[name=about_fr]")) == "La seconde"
    assert page.select_one("[name=version]")["value"] == "2"


# Inviting


def invite(browser, where=HERE, **data):
    typed = {"email": "nour@demo.example", "role": "coach"} | data
    return browser.submit(f"{where}/invitations", **typed)


def link_in(page) -> str:
    return page.select_one("#link")["value"]


def test_a_link_is_shown_once_to_whoever_made_it(programme, lead, browser_for):
    sent = lead.open(f"{HERE}/invitations", method="POST", data={"email": "n@demo.example", "role": "coach"})
    assert sent.status_code == 303
    shown = sent.headers["Location"]
    assert link_in(lead.visit(shown)).startswith("http://127.0.0.1:8000/invitations/")
    again = lead.visit(shown)
    assert not again.select("#link")
    assert "n’est plus affichable" in again.text
    browser_for(make.role(programme.id, Role.PROGRAMME_LEAD)).visit(shown, expect=404)


def test_the_page_of_a_link_is_kept_by_no_cache(lead):
    sent = lead.open(f"{HERE}/invitations", method="POST", data={"email": "n@demo.example", "role": "coach"})
    assert "no-store" in lead.open(sent.headers["Location"]).headers["Cache-Control"]


def test_a_link_is_made_from_the_configured_address_and_never_from_the_request(lead):
    sent = lead.open(
        f"{HERE}/invitations",
        method="POST",
        data={"email": "n@demo.example", "role": "coach"},
        base_url="http://localhost:9999",
    )
    page = lead.open(sent.headers["Location"], base_url="http://localhost:9999").text
    assert "http://127.0.0.1:8000/invitations/" in page
    assert "localhost:9999" not in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""),
        ("email", "personne"),
        ("email", "a@b@c.example"),
        ("email", "x" * 250 + "@b.example"),
        ("role", "programme_lead"),
        ("role", "administrator"),
        ("role", "king"),
        ("role", ""),
    ],
)
def test_a_bad_invitation_is_refused_beside_its_field(lead, field, typed):
    page = invite(lead, expect=422, **{field: typed})
    assert page.select_one(f".fold[open] #{field}-messages .fr-message--error")
    assert count(Invitation) == 0


def test_a_double_click_invites_once(lead):
    for _ in range(2):
        invite(lead, form_key="same")
    assert count(Invitation) == 1


def test_administrators_name_the_leads(programme, admin):
    assert link_in(invite(admin, role="programme_lead"))
    page = invite(admin, expect=422, role="coach")
    assert page.select_one("#role-messages .fr-message--error")


def test_an_invitation_is_withdrawn_and_its_link_is_dead(lead, browser_for):
    path = link_in(invite(lead)).removeprefix("http://127.0.0.1:8000")
    browser_for(None).visit(path)
    withdraw = lead.visit(HERE).select_one("form[action$='/withdraw']")["action"]
    assert "nour@demo.example" not in lead.submit(withdraw).text
    browser_for(None).visit(path, expect=404)
    lead.submit(withdraw, expect=404)


def test_an_invitation_of_another_programme_is_not_withdrawn_from_here(lead, browser_for):
    other = make.programme(slug="other")
    invite(browser_for(make.role(other.id, Role.PROGRAMME_LEAD)), "/programmes/other")
    id_ = db.session.scalars(sa.select(Invitation.id)).one()
    lead.submit(f"{HERE}/invitations/{id_}/withdraw", expect=404)


# Ending roles


def test_ending_a_role_asks_first_and_says_what_goes_with_it(programme, lead):
    coach = make.role(programme.id, Role.COACH)
    make.role(make.project(programme).id, Role.COACH, coach)
    pool = db.session.scalars(
        sa.select(RoleAssignment)
        .where(RoleAssignment.scope_id == programme.id)
        .where(RoleAssignment.person_id == coach.id)
    ).one()
    url = f"{HERE}/roles/{pool.id}/end"
    page = lead.visit(url)
    assert coach.name in page.h1.text
    assert "dans les projets : 1" in words_of(page.main)
    assert coach.name not in lead.submit(url).text
    lead.submit(url, expect=404)


def test_a_lead_does_not_end_the_role_of_a_lead_but_an_administrator_does(programme, lead, admin):
    other = make.role(programme.id, Role.PROGRAMME_LEAD)
    url = f"{HERE}/roles/{assignment_of(other).id}/end"
    lead.submit(url, expect=403)
    admin.submit(url)


def test_a_role_of_another_programme_is_not_ended_from_here(lead):
    elsewhere = make.role(make.programme().id, Role.COACH)
    lead.submit(f"{HERE}/roles/{assignment_of(elsewhere).id}/end", expect=404)


def test_twenty_programmes_cost_what_one_costs(admin, statements):
    def cost() -> int:
        statements.clear()
        admin.visit("/programmes")
        return len(statements)

    make.programme()
    one = cost()
    for _ in range(20):
        make.programme()
    assert cost() <= one  # what was read once of the programme is kept


def test_twenty_people_cost_what_one_costs(programme, lead, statements):
    def cost() -> int:
        statements.clear()
        lead.visit(HERE)
        return len(statements)

    make.role(programme.id, Role.COACH)
    invite(lead, email="first@demo.example")
    one = cost()
    for n in range(20):
        make.role(programme.id, Role.COACH)
        invite(lead, email=f"n{n}@demo.example")
    assert cost() <= one  # what was read once of the programme is kept
