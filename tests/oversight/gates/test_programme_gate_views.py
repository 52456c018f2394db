"""Pages of the gates of a programme: add, move, leave out, who accepts them."""

import pytest

from portal.people.programmes import role_commands
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import words_of


@pytest.fixture
def pages(project):
    return f"/programmes/{gates.programme_slug(project)}"


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))


def seen_in(page):
    """What ticking the box says of the warning that a page shows."""
    return page.select_one("[name=knowingly]")["value"]


def test_a_lead_adds_moves_and_leaves_out_a_gate_on_its_pages(project, browser, pages):
    page = browser.visit(f"{pages}/gates")
    new = page.find("a", string="Ajouter un jalon")["href"]
    typed = {
        "name_fr": "Données partagées",
        "name_en": "",
        "predicates": ["data_received", "purposes_written"],
        "weight": "6",
        "month": "3",
        "accepter": "track:technical",
        "because": "Un jalon de plus",
    }
    empty = browser.submit(new, expect=422, **typed | {"predicates": []})
    assert "au moins une preuve" in empty.select_one("#predicates-messages").text
    warned = browser.submit(new, expect=422, **typed)
    question = warned.select_one(".error-summary")
    assert "fr-alert--warning" in question["class"]
    assert "à corriger" not in words_of(question)
    assert [words_of(line) for line in question.select("li")] == [f"{project.short_name} (G12 en plus)"]
    assert words_of(warned.main).count("(G12 en plus)") == 1
    added = browser.submit(new, **typed, knowingly=seen_in(warned))
    assert words_of(added.h1) == "G12 : Données partagées"
    assert "Un jalon de plus" in words_of(added.select_one(".deeds"))
    assert "Coach du volet « technical »" in words_of(added.main)
    assert "changé" not in words_of(browser.visit(f"{pages}/gates").select_one("tbody"))
    content = added.find("a", string="Nom, preuves et place")["href"]
    form = browser.visit(content)
    version = form.select_one("[name=version]")["value"]
    moved = {
        "name_fr": "Données en commun",
        "name_en": "Shared data",
        "predicates": ["data_received"],
        "place": "4",
        "because": "Plus tôt",
    }
    page = browser.submit(content, version=version, **moved)
    assert "nom : Données partagées → Données en commun" in words_of(page.main)
    assert "changé de place" in words_of(page.main)
    titles = [words_of(each) for each in browser.visit(f"{pages}/gates").select("tbody a.team")]
    assert titles[3] == "G12 : Données en commun"
    stale = browser.submit(content, expect=409, version=version, **moved | {"name_fr": "Autre"})
    assert "Données en commun" in words_of(stale.main)
    assert stale.select_one("[name=name_fr]")["value"] == "Autre"
    leave = page.find("a", string="Retirer du programme")["href"]
    assert "changé 1 fois" in words_of(browser.visit(f"{pages}/gates").select_one("tbody"))
    warned = browser.submit(leave, expect=422, version="2", because="Trop")
    assert f"{project.short_name} (G12 en moins)" in words_of(warned.main)
    browser.submit(leave, version="2", because="Trop", knowingly=seen_in(warned))
    index = browser.visit(f"{pages}/gates")
    assert "1 jalon d’usage ou ancien, hors du programme" in words_of(index.main)
    browser.visit(f"/projects/{project.slug}/gates/12", expect=404)
    back = index.find("a", string="Remettre")["href"]
    warned = browser.submit(back, expect=422, version="3", because="Si")
    browser.submit(back, version="3", because="Si", knowingly=seen_in(warned))
    assert browser.visit(f"/projects/{project.slug}/gates/12")


def test_acceptors_are_set_on_one_screen_and_the_missing_ones_are_told(project, browser, pages):
    page = browser.visit(f"{pages}/gates")
    warning = words_of(page.select_one(".fr-alert--warning"))
    assert "Personne n’a ce rôle dans le programme." in warning
    url = page.find("a", string="Qui accepte, et quand")["href"]
    form = browser.visit(url)
    typed = {
        field["name"]: field.get("value") or field.select_one("option[selected]")["value"]
        for field in form.select("[name^=month_], [name^=accepter_]")
    }
    assert typed["accepter_2"] == "track:technical"
    typed |= {"version": "0", "because": "Un seul coach"}
    changed = typed | {"accepter_2": "direction"}
    warned = browser.submit(url, expect=422, **changed | {"month_2": "60"})
    assert "entre 0 et 36" in warned.select_one("#month_2-messages").text
    warned = browser.submit(url, expect=422, **changed | {"month_2": "12"})
    assert "Le programme dure 10 mois" in warned.select_one("#month_2-messages").text
    browser.submit(url, **changed)
    stale = browser.submit(url, expect=409, **typed | {"month_2": "3"})
    assert stale.select_one("[name=month_2]")["value"] == "3"


def test_the_page_of_a_gate_names_who_accepts_it(project, browser, browser_for):
    coach = gates.coach(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = words_of(member.visit(f"/projects/{project.slug}/gates").main)
    assert f"Coach du volet « technical » : {coach.name}" in page
    assert "Coach du volet « strategic » : personne ne le peut encore" in page
    page = words_of(member.visit(f"/projects/{project.slug}/gates/1").main)
    assert "personne ne le peut encore" in page


def test_ending_a_role_says_which_gates_lose_their_acceptor(project, browser, browser_for, pages):
    programme = get_programme_of(project)
    person = make.role(programme.id, Role.COACH)
    gates_coach = db.session.query(RoleAssignment).filter_by(person_id=person.id).one()
    track = make.tracks_of(programme)["technical"]
    role_commands.give_role(None, project.id, person, Role.COACH, track=track)
    db.session.commit()
    url = f"{pages}/roles/{gates_coach.id}/end"
    said = words_of(browser.visit(url).main)
    assert "Plus personne ne pourra accepter" in said
    assert "G2 : Données réelles et licites" in said
    assert "personne ne mènera plus" not in said
    lead = db.session.query(RoleAssignment).filter_by(scope_id=programme.id, role=Role.PROGRAMME_LEAD).one()
    admin = browser_for(make.holder(Role.ADMINISTRATOR, project))
    said = words_of(admin.visit(f"{pages}/roles/{lead.id}/end").main)
    assert "C’est la dernière direction : personne ne mènera plus le programme" in said
    assert ". ;" not in said


def test_a_shorter_programme_says_which_gates_come_after_its_end(project, browser, pages):
    programme = get_programme_of(project)
    programme.months = 9
    db.session.commit()
    for path in (pages, f"{pages}/gates"):
        page = words_of(browser.visit(path).main)
        assert "Des jalons attendus après la fin du programme" in page
        assert "G11 : Prototype accepté : mois 10, le programme en a 9" in page


def test_the_library_is_folded_by_usual_gate_and_opens_where_something_is_chosen(browser, pages):
    page = browser.visit(f"{pages}/gates/5/content")
    folded = page.select("#predicates details")
    assert len(folded) == 12
    (opened,) = (each for each in folded if each.has_attr("open"))
    assert words_of(opened.summary) == "G5 : Premier prototype de bout en bout (2 sur 2)"


def test_who_may_not_accept_a_gate_reads_who_may(project, browser_for):
    coach = gates.coach(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    refused = member.visit(f"/projects/{project.slug}/gates/2/accept", expect=403)
    assert f"Ce jalon est accepté par : {coach.name}." in words_of(refused.main)


def test_a_programme_made_shorter_first_says_which_gates_lie_after_its_end(browser_for):
    programme = make.programme(slug="court", months=12)
    browser = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    path = "/programmes/court/edit"
    version = browser.visit(path).select_one("[name=version]")["value"]
    values = {"name_fr": "Court", "starts_on": programme.starts_on.isoformat(), "test_retention": "12"}
    page = browser.submit(path, **values, version=version, months="9", expect=422)
    assert "après la fin du programme : G11." in words_of(page.main)
    digest = page.select_one("[name=knowingly]")["value"]
    browser.submit(path, **values, version=version, months="9", knowingly=digest)
    db.session.expire_all()
    assert programme.months == 9
