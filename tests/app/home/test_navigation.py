"""The menu of each role and of a project; every page of a project marks its entry."""

from datetime import timedelta

import pytest

from portal.app.application.features import PROJECT_ENTRIES
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.project.projects.queries import get_programme_of
from portal.project.projects.to_decide_queries import clear_waiting_cache
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of

# One database engine is enough here.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

PLACES = {
    "/projects/heron": "Projet",
    "/projects/heron/file/sheets": "Projet",
    "/projects/heron/coaching": "Projet",
    "/projects/heron/clinics": "Projet",
    "/projects/heron/health": "Projet",
    "/projects/heron/findings": "Tests",
    "/projects/heron/reviews": "Éthique",
    "/projects/heron/threads": "Discussions",
    "/projects/heron/discussions": "Discussions",
    "/projects/heron/backlog": "Sprints",
    "/projects/heron/gates/1": "Jalons",
}
PROJECT = ["Projet", "Sprints", "Tests", "Éthique", "Jalons", "Discussions"]
MENUS = {
    Role.TEAM_MEMBER: PROJECT,
    Role.TEAM_LEAD: PROJECT,
    Role.COACH: ["Mes équipes", "À décider", "Accompagnement", "Séances collectives"],
    Role.ETHICS_REVIEWER: ["Revues", "Réexamens", "Projets"],
    Role.PROGRAMME_LEAD: [
        "Portefeuille",
        "À décider",
        "Tests et éthique",
        "Coachs",
        "Séances collectives",
        "Dossiers et rapports",
        "Programme",
    ],
    Role.JUROR: ["Candidatures", "Délibération"],
    Role.OPERATOR: ["À instruire", "Conventions", "Rapports", "Portefeuille"],
    Role.OBSERVER: ["Portefeuille", "Rapports"],
    Role.ADMINISTRATOR: [
        "Personnes",
        "Programmes",
        "Questionnaires",
        "Courriels",
        "Travaux",
        "Journal",
        "Réglages",
    ],
}


def menu_of(page) -> list[str]:
    return [words_of(link) for link in page.select("#navigation a")]


def test_every_page_of_a_project_has_its_entry(app):
    """Each blueprint of project pages is under an entry, but for the hand-over of a team."""
    rules = [one for one in app.url_map.iter_rules() if one.rule.startswith("/projects/<slug>")]
    assert {str(one.endpoint).split(".")[0] for one in rules} == PROJECT_ENTRIES.keys() | {"desk"}


def test_a_page_stands_at_one_place_and_the_menu_says_so(app, browser_for):
    project = make.project(slug="heron")
    browser = browser_for(make.role(project.id, Role.COACH))
    for path, place in PLACES.items():
        (link,) = browser.visit(path).select("#navigation a[aria-current]")
        assert link.text == place, path
        assert link["aria-current"] == ("page" if link["href"] == path else "true")


@pytest.mark.parametrize(("role", "menu"), MENUS.items())
def test_each_role_has_its_menu_and_each_entry_opens(app, browser_for, role, menu):
    project = make.project(slug="heron")
    browser = browser_for(make.holder(role, project))
    links = browser.visit("/inbox").select("#navigation a")
    assert [words_of(link) for link in links] == menu
    assert len(links) <= 7
    for link in links:
        page = browser.visit(link["href"])
        (current,) = page.select("#navigation a[aria-current]")
        assert words_of(current) == words_of(link)


def test_a_lead_of_several_programmes_finds_the_one_they_read_and_the_list(app, browser_for):
    here, other = make.programme(), make.programme()
    person = make.role(other.id, Role.PROGRAMME_LEAD, make.role(here.id, Role.PROGRAMME_LEAD))
    slug, browser = other.slug, browser_for(person)
    page = f"/programmes/{slug}"
    for path, target in (
        ("/inbox", f"/programmes/{here.slug}"),
        (f"/portfolio?programme={slug}", page),
        ("/inbox", page),
        (f"{page}/gatherings", page),
        ("/programmes", page),
    ):
        link = browser.visit(path).select("#navigation a")[-1]
        assert (words_of(link), link["href"]) == ("Programme", target)
    shown = browser.visit(page)
    assert shown.select_one("#navigation a[aria-current=page]")["href"] == page
    assert shown.select_one(".fr-breadcrumb a[href='/programmes']")


def test_the_programme_of_a_lead_is_not_marked_on_another_that_they_read(app, browser_for):
    led, read = make.programme(), make.programme()
    person = make.role(read.id, Role.OBSERVER, make.role(led.id, Role.PROGRAMME_LEAD))
    browser, slug, other = browser_for(person), led.slug, read.slug
    for path, current in (
        (f"/programmes/{slug}", "page"),
        ("/programmes", "true"),
        (f"/programmes/{other}", None),
    ):
        link = browser.visit(path).select("#navigation a")[-1]
        assert (link["href"], link.get("aria-current")) == (f"/programmes/{slug}", current)


def test_in_a_project_others_than_its_team_find_the_way_back_first(app, browser_for):
    project = make.project(slug="heron")
    coach = browser_for(make.role(project.id, Role.COACH)).visit("/projects/heron")
    assert menu_of(coach) == ["Mes équipes", "À décider", "Accompagnement", *PROJECT]
    direction = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    assert menu_of(browser_for(direction).visit("/projects/heron")) == ["Portefeuille", "À décider", *PROJECT]
    decisions.decision(project, direction)
    clear_waiting_cache()
    for path in ("/projects/heron", "/projects/heron/decisions/1"):
        assert "À décider (1)" in menu_of(browser_for(direction).visit(path))
    reviewer = browser_for(make.role(project.id, Role.ETHICS_REVIEWER)).visit("/projects/heron")
    assert menu_of(reviewer) == ["Revues", *PROJECT]


def test_the_way_back_to_the_portfolio_keeps_the_programme_and_the_filters_one_came_with(app, browser_for):
    project = make.project(slug="heron")
    coach, session_name = browser_for(make.role(project.id, Role.COACH)), app.config["SESSION_COOKIE_NAME"]
    before = coach.visit("/projects/heron").select_one("#navigation a")["href"]
    programme = f"programme={get_programme_of(project).slug}"
    session = coach.client.get_cookie(session_name)
    coach.visit(f"/portfolio?{programme}&sort=organisation")
    assert coach.client.get_cookie(session_name) == session  # no slow page undoes what came after it
    after = coach.visit("/projects/heron/gates/1").select_one("#navigation a")["href"]
    assert (before, after.partition("?")[0]) == ("/portfolio", "/portfolio")  # lands on teams to help
    assert {programme, "sort=organisation"} <= set(after.partition("?")[2].split("&"))
    other = browser_for(make.role(project.id, Role.COACH))  # at the same machine
    view = coach.client.get_cookie("portfolio").value
    other.client.set_cookie("portfolio", view)
    assert other.visit("/projects/heron").select_one("#navigation a")["href"] == "/portfolio"
    coach.visit(f"/portfolio?{programme}")
    assert coach.visit("/projects/heron").select_one("#navigation a")["href"] == f"/portfolio?{programme}"


def test_a_member_of_two_teams_has_the_menu_of_the_one_they_are_in(app, browser_for):
    member = make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)
    browser = browser_for(make.role(make.project(slug="ibis").id, Role.TEAM_MEMBER, member))
    assert menu_of(browser.visit("/inbox")) == ["Mes projets"]
    page = browser.visit("/projects/ibis")
    assert menu_of(page) == PROJECT
    assert page.select_one("#navigation a")["href"] == "/projects/ibis"


def test_the_pages_beside_the_sprints_are_one_click_away(app, browser_for):
    browser = browser_for(make.role(make.project(slug="heron").id, Role.TEAM_MEMBER))
    tabs = browser.visit("/projects/heron/backlog").select("nav[aria-label=Sprints] a")
    assert [words_of(tab) for tab in tabs] == [
        "Tous les sprints",
        "Tableau",
        "Carnet",
        "Démonstrations",
        "Actions",
        "Chiffres",
    ]
    assert [words_of(tab) for tab in tabs if tab.get("aria-current")] == ["Carnet"]
    assert all(browser.open(tab["href"]).status_code == 200 for tab in tabs)


def additions_of(page) -> dict[str, str]:
    panel = page.select_one(".tools .fr-icon-add-line + .menu__panel")
    return {words_of(link): link["href"] for link in panel.select("a")} if panel else {}


def test_what_one_adds_depends_on_the_role_and_the_place(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    theirs = additions_of(member.visit("/inbox"))
    assert theirs["Un constat"] == "/projects/heron/findings/new"
    names = [each["name"] for each in member.visit(theirs["Un fichier"]).select("main [autofocus]")]
    assert names == ["file"]
    assert "#" not in theirs["Un fichier"]  # a browser would put the field at the top of the window
    assert not member.visit("/projects/heron/files").select("main [autofocus]")
    assert "Une séance" not in theirs
    coach = browser_for(make.role(project.id, Role.COACH))
    assert list(additions_of(coach.visit("/projects/heron"))) == [
        "Une séance",
        "Une recommandation",
        "Une note de coachs",
    ]
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    offered = additions_of(lead.visit("/portfolio"))
    assert list(offered) == [
        "Une équipe",
        "Une personne",
        "Une séance collective",
        "Un comité",
    ]
    for browser, links in ((member, theirs), (lead, offered)):
        for url in links.values():
            browser.visit(url.split("#")[0])
    for role in (Role.OBSERVER, Role.OPERATOR, Role.JUROR, Role.ETHICS_REVIEWER):
        assert additions_of(browser_for(make.holder(role, project)).visit("/inbox")) == {}


def test_a_lead_adds_in_the_programme_of_the_page(app, browser_for):
    first, second = make.programme(), make.programme()
    make.project(first)
    lead = make.role(second.id, Role.PROGRAMME_LEAD, make.role(first.id, Role.PROGRAMME_LEAD))
    browser = browser_for(lead)
    assert additions_of(browser.visit("/inbox"))["Une équipe"] == f"/programmes/{first.slug}/projects/new"
    there = additions_of(browser.visit(f"/programmes/{second.slug}"))
    assert there["Une équipe"] == f"/programmes/{second.slug}/projects/new"


def test_help_is_asked_from_every_page_by_the_team_of_an_active_project_alone(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    for path in ("/projects/heron", "/projects/heron/gates", "/inbox"):
        page = member.visit(path)
        (link,) = page.select(".tools a.fr-icon-question-line")
        assert words_of(link) == "Demander de l’aide"
        assert page.select_one(".thumb > a")["href"] == link["href"]
    assert member.open(link["href"]).status_code == 200
    coach = browser_for(make.role(project.id, Role.COACH)).visit("/projects/heron")
    assert not coach.select(".tools a.fr-icon-question-line, .thumb")
    stopped = make.project(slug="ibis", stopped_on=project.starts_on, stop_reason="r", learnings="l")
    over = browser_for(make.role(stopped.id, Role.TEAM_MEMBER)).visit("/projects/ibis")
    assert not over.select(".tools a.fr-icon-question-line, .thumb")


def test_several_roles_are_chosen_from_in_the_menu_of_the_person(app, browser_for):
    project = make.project(slug="heron")
    both = make.role(make.project(slug="ibis").id, Role.TEAM_MEMBER, make.role(project.id, Role.COACH))
    browser = browser_for(both)
    page = browser.visit("/inbox")
    options = page.select(".tools button[name=workplace]")
    assert [words_of(option) for option in options] == ["Coach", "Équipe"]
    assert options[0]["aria-current"] == "true"
    assert menu_of(page)[0] == "Mes équipes"
    browser.submit("/workplace", workplace="team")
    assert menu_of(browser.visit("/inbox")) == PROJECT
    assert browser.open("/").location == "/projects/ibis"
    browser.submit("/workplace", workplace="administrator")
    assert browser.open("/").location == "/projects/ibis"  # a role that is not theirs changes nothing


def test_one_role_leaves_nothing_to_choose(app, browser_for):
    page = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR)).visit("/inbox")
    assert not page.select("[name=workplace]")


def test_the_menu_keeps_the_chosen_programme_where_it_is_a_choice(app, browser_for):
    leading = make.person(name="Direction Menu")
    programme = make.programme()
    make.role(programme.id, Role.PROGRAMME_LEAD, leading)
    browser = browser_for(leading)
    chosen = browser.visit(f"/portfolio?programme={programme.slug}").select("#navigation a")
    kept = [link["href"] for link in chosen if "?programme=" in link["href"]]
    assert kept == [f"{path}?programme={programme.slug}" for path in ("/portfolio", "/portfolio/concerns")]
    assert chosen[0]["aria-current"] == "page"
    assert not any("?" in link["href"] for link in browser.visit("/portfolio").select("#navigation a"))


def test_a_past_day_is_not_left_without_a_word(app, browser_for):
    """The menu keeps the day for the pages that say that they show today."""
    programme = make.programme()
    browser = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    make.project(programme)
    on = clock.today() - timedelta(days=20)
    for label, said in (("À décider", "Cette page montre aujourd’hui"), ("Tests et éthique", "aujourd’hui")):
        page = browser.visit(f"/portfolio?on={on}")
        (link,) = [tag for tag in page.select("#navigation a") if words_of(tag).startswith(label)]
        assert link["href"].endswith(f"on={on}")
        assert said in words_of(browser.visit(link["href"]).select_one("main .fr-alert"))
    assert "on=" not in str(browser.visit("/portfolio").select_one("#navigation"))
