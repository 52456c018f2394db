"""The search of the header: only what the person may open, whatever they type."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from portal.app.search.views import PER_PAGE
from portal.collaboration.discussions.commands import start_thread
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def project(app):
    return make.project(
        slug="heron", organisation="Météo-France", acronym="", title_fr="Prévoir les crues", title_en="Floods"
    )


def results(browser, query: str) -> dict[str, str]:
    """Places by name, without sections of guides, which everybody reads."""
    links = browser.visit(f"/search?{query}").select("main ul.hits a")
    places = [link for link in links if not link["href"].startswith("/guides/")]
    return {words_of(link): link["href"].split("#role-")[0] for link in places}


@pytest.mark.parametrize("words", ["météo", "METEO", "meteo france", "crues", "heron", "floods"])
def test_a_team_is_found_by_its_name_its_title_or_its_address(browser_for, project, words):
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    assert results(member, f"q={words}") == {"Météo-France": "/projects/heron"}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_the_teams_that_it_sees_elsewhere(browser_for, project, role):
    found = results(browser_for(make.holder(role, project)), "q=météo&kind=team")
    in_full = {Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD}
    if role in in_full:
        assert found == {"Météo-France": "/projects/heron"}
    elif role in {Role.OPERATOR, Role.OBSERVER}:
        (url,) = found.values()
        assert url.startswith("/portfolio?programme=")
        assert url.endswith("&open=heron")
    else:
        assert found == {}


def test_a_reader_of_the_portfolio_finds_each_of_its_teams_unfolded(browser_for, project):
    make.project(get_programme_of(project), slug="loutre", organisation="Météo-Europe", acronym="")
    observer = browser_for(make.holder(Role.OBSERVER, project))
    found = results(observer, "q=météo&kind=team")
    assert list(found) == ["Météo-Europe", "Météo-France"]
    assert "Météo-Europe" in words_of(observer.visit(found["Météo-Europe"]).main)


def test_another_team_finds_neither_the_team_nor_its_people(browser_for, project):
    make.role(project.id, Role.TEAM_LEAD, make.person(name="Camille Roux"))
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    assert results(stranger, "q=météo") == results(stranger, "q=roux") == {}
    juror = browser_for(make.role(project.programme_id, Role.JUROR))
    assert results(juror, "q=roux") == {}


def test_a_colleague_is_found_with_what_they_are_where(browser_for, project):
    camille = make.role(project.id, Role.COACH, make.person(name="Camille Roux"))
    other = make.project(organisation="Secrète", acronym="")
    make.role(other.id, Role.COACH, camille)
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    page = member.visit("/search?q=cam roux")
    assert results(member, "q=cam roux") == {"Camille Roux": "/projects/heron/team"}
    assert "Coach, Météo-France" in words_of(page.main)
    assert "Secrète" not in page.text
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert results(lead, "q=roux") == {"Camille Roux": "/projects/heron/team"}


def test_an_administrator_finds_people_in_the_directory(browser_for, project):
    camille = make.role(project.id, Role.COACH, make.person(name="Camille Roux"))
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    assert results(admin, "q=roux") == {"Camille Roux": f"/people/{camille.id}"}
    assert "Météo" not in admin.visit("/search?q=roux").text


def test_pages_are_found_by_their_names_those_of_the_project_from_its_pages_alone(browser_for, project):
    coach = browser_for(make.holder(Role.COACH, project))
    assert "/coaching" in results(coach, "q=accompagnement").values()
    assert results(coach, "q=revues&kind=page") == {}
    assert results(coach, "q=revues&project=heron") == {"Revues éthiques": "/projects/heron/reviews"}
    assert results(coach, "q=notes coachs&project=heron")["Notes de coachs"].endswith("/coach-notes")
    member = browser_for(make.holder(Role.TEAM_MEMBER, project))
    assert "Notes de coachs" not in results(member, "q=notes&project=heron")
    stranger = browser_for(make.role(make.project().programme_id, Role.COACH))
    assert results(stranger, "q=revues&project=heron") == {}


def test_every_page_that_is_found_opens(browser_for, project):
    for role in Role:
        browser = browser_for(make.holder(role, project))
        for page in range(1, 4):
            for words in ("pr", "re", "se", "mes", "de"):
                for url in results(browser, f"q={words}&kind=page&project=heron&page={page}").values():
                    assert browser.visit(url.split("#")[0]), url


def test_many_results_come_by_pages(browser_for, project):
    programme = project.programme_id
    for number in range(PER_PAGE + 3):
        make.role(project.id, Role.TEAM_MEMBER, make.person(name=f"Dupont {number:02}"))
    lead = browser_for(make.role(programme, Role.PROGRAMME_LEAD))
    first, second = results(lead, "q=dupont&kind=person"), results(lead, "q=dupont&kind=person&page=2")
    assert (len(first), len(second)) == (PER_PAGE, 3)
    assert not first.keys() & second.keys()
    page = lead.visit("/search?q=dupont&kind=person")
    assert words_of(page.h1) == f"{PER_PAGE + 3} résultats pour « dupont »"
    assert page.select_one(".fr-pagination a[rel=next]")["href"].endswith("page=2")


@pytest.mark.parametrize("words", ["", "%20", "%", "_", "%27%22<script>", "a" * 500, "e " * 50])
def test_whatever_is_typed_there_is_a_page(browser_for, project, words):
    page = browser_for(make.holder(Role.PROGRAMME_LEAD, project)).visit("/search?" + urlencode({"q": words}))
    assert page.select_one("main input[name=q]")["value"] == words[:200].strip()


def test_a_search_costs_the_same_whatever_it_finds(browser_for, project, statements):
    lead, costs = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD)), []
    for more in (0, 10):
        for number in range(more):
            team = make.project(get_programme_of(project), organisation=f"Équipe {number}")
            make.role(team.id, Role.TEAM_MEMBER, make.person(name=f"Équipier {number}"))
        lead.visit("/search?q=eq")
        statements.clear()
        lead.visit("/search?q=eq")
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1] <= 12


def test_texts_are_found_with_their_words_marked_by_their_readers_alone(browser_for, project):
    sprint = make.sprint(project)
    member = make.holder(Role.TEAM_MEMBER, project)
    start_thread(make.actor(member), sprint.discussion_id, "Les usagers ont lu la <carte> des crues.")
    db.session.commit()
    page = browser_for(member).visit("/search?q=usager")
    assert [mark.text for mark in page.select("main ol.hits mark")] == ["usagers"]
    assert "Les usagers ont lu la <carte> des crues." in words_of(page.main)
    assert "Météo-France" in words_of(page.select_one("main ol.hits .ask__head"))
    other = browser_for(make.holder(Role.TEAM_MEMBER, make.project()))
    empty = other.visit("/search?q=usager")
    assert not empty.select("main ol.hits")
    assert "Rien pour" in words_of(other.visit("/search?q=usager crues carte").main)
    assert not empty.select("main ol mark")
    near = browser_for(member).visit("/search?q=usagre")
    assert "Mots proches : usagers" in words_of(near.main).replace("\xa0", " ")
    newest = browser_for(member).visit("/search?q=usager&order=newest&kind=comment&page=1")
    assert len(newest.select("main ol > li")) == 1


def texts(browser, query: str) -> list[str]:
    return [words_of(each) for each in browser.visit(f"/search?{query}").select("main ol.hits .small")]


def test_texts_are_narrowed_by_team_author_and_period_and_the_address_holds_all(browser_for, project):
    other = make.project(get_programme_of(project), slug="butor", organisation="Butor")
    camille = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Camille Roux"))
    dominique = make.role(other.id, Role.TEAM_MEMBER, make.person(name="Dominique Vert"))
    for author, team in ((camille, project), (dominique, other)):
        start_thread(
            make.actor(author), make.sprint(team).discussion_id, f"Les crues vues par {author.name}."
        )
        db.session.commit()
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    first, second = "Les crues vues par Camille Roux.", "Les crues vues par Dominique Vert."
    assert set(texts(lead, "q=crues&kind=comment")) == {first, second}
    assert texts(lead, "q=crues&team=heron&kind=comment") == [first]
    assert texts(lead, f"q=crues&author={dominique.handle}") == [second]
    today = clock.today().isoformat()
    assert len(texts(lead, f"q=crues&kind=comment&since={today}&until={today}")) == 2
    assert texts(lead, "q=crues&until=2019-12-31") == texts(lead, "q=crues&team=nulle-part") == []
    unread = lead.visit("/search?q=crues&kind=comment&since=nimporte&until=0001-01-01&order=x")
    assert len(unread.select("main ol.hits > li")) == 2
    for name, typed, why in (
        ("since", "nimporte", "« nimporte » n’est pas un jour"),
        ("until", "0001-01-01", "entre 1900 et 2900"),
    ):
        field = unread.select_one(f"#{name}")
        assert (field["value"], field["type"], field["aria-invalid"]) == (typed, "text", "true")
        assert why in words_of(unread.find(id=field["aria-describedby"]))
        assert f"{name}={typed}" in unread.select_one(".tabs a")["href"]
    reversed_days = lead.visit("/search?q=crues&since=2026-02-01&until=2026-01-01")
    assert "vient avant" in words_of(reversed_days.select_one("#until-error"))
    page = lead.visit("/search?q=crues&kind=comment&team=heron&order=newest")
    assert page.select_one("#team option[selected]")["value"] == "heron"
    assert [words_of(option) for option in page.select("#author option")] == ["Tous", "Camille Roux (1)"]
    assert "(1 filtre posé)" in words_of(page.select_one("#filter-count"))
    kinds = page.select_one(".tabs a[aria-current]")["href"]
    assert kinds == "/search?q=crues&kind=comment&team=heron&order=newest"
    empty = lead.visit("/search?q=crues&team=heron&until=2019-12-31")
    assert empty.select_one("main a.fr-link[href='/search?q=crues']")


def test_a_search_that_finds_nothing_says_why_within_ones_rights(browser_for, project):
    member = make.holder(Role.TEAM_MEMBER, project)
    start_thread(make.actor(member), make.sprint(project).discussion_id, "Le canari regarde la carte.")
    db.session.commit()
    why = words_of(browser_for(member).visit("/search?q=canari perroquet").main).replace("\xa0", " ")
    assert "« canari » – 1 résultat à lui seul" in why
    assert "« perroquet » – aucun résultat" in why
    stranger = browser_for(make.holder(Role.TEAM_MEMBER, make.project()))
    why = words_of(stranger.visit("/search?q=canari perroquet").main).replace("\xa0", " ")
    assert "« canari » – aucun résultat" in why
    assert "au moins deux lettres" in words_of(stranger.visit("/search?q=µ").main)
    assert "ajoutez un mot" in words_of(stranger.visit("/search?q=-canari").main)
    assert "Écrivez un ou plusieurs mots" in words_of(stranger.visit("/search").main)


def suggestions(browser, query: str) -> dict[str, str]:
    """What the header's field suggests, by label: where it leads."""
    browser.htmx = True
    page = BeautifulSoup(browser.open(f"/go-to?{query}").text, "lxml")
    browser.htmx = False
    return {words_of(each.span): each["data-url"] for each in page.select("[role=option]")[:-1]}


def test_the_header_suggests_things_by_number_acts_pages_teams_and_people(browser_for, project):
    sprint = make.active_sprint(project)
    member = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Camille Roux"))
    own = browser_for(member)
    path = f"/projects/heron/sprints/{sprint.number}"
    for query in (f"sprint {sprint.number}", f"meteo sprint {sprint.number}"):
        assert path in suggestions(own, f"q={query}").values(), query
    assert (
        suggestions(own, "q=G6")["G6 Testé avec des utilisateurs visés · Météo-France"]
        == "/projects/heron/gates/6"
    )
    assert "/projects/heron/gates/6" in suggestions(own, "q=jalon 6").values()
    for query, label, url in (
        ("clore le sprint", "Clore le sprint", f"{path}/close"),
        ("demander de l'aide", "Demander de l’aide", "/projects/heron/help"),
        ("note constat", "Noter un constat", "/projects/heron/findings/new"),
    ):
        assert suggestions(own, f"q={query}")[label] == url
    assert suggestions(own, "q=meteo")["Météo-France Prévoir les crues"] == "/projects/heron"
    assert any(label.startswith("Camille Roux") for label in suggestions(own, "q=camille"))
    assert suggestions(own, "q=m") == suggestions(own, "q=") == suggestions(own, "q=-- ''") == {}
    assert suggestions(own, "q=G99") == suggestions(own, "q=sprint 999 xyz") == {}
    plain = own.visit("/go-to?q=clore")
    assert plain.select_one("main ul.hits a")["href"] == f"{path}/close"
    assert results(own, "q=clore le sprint")["Clore le sprint"] == f"{path}/close"


def test_whoever_may_invite_finds_where(browser_for, project):
    porter = browser_for(make.role(project.id, Role.TEAM_LEAD))
    invited = suggestions(porter, "q=inviter&project=heron")["Inviter dans l’équipe"]
    assert invited == "/projects/heron/team#invite"
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert suggestions(lead, "q=inviter")["Inviter : une personne"].endswith("#invitations")


def test_the_header_suggests_nobody_what_they_may_not_do_or_read(browser_for, project):
    make.role(project.id, Role.TEAM_LEAD, make.person(name="Camille Roux"))
    number = make.active_sprint(project).number
    for role in Role:
        browser = browser_for(make.holder(role, project))
        for query in (
            "clore",
            "aide",
            "sprint",
            "note",
            "ajouter",
            "revue",
            "seance",
            "inviter",
            f"sprint {number}",
            "g6",
        ):
            for url in suggestions(browser, f"q={query}&project=heron").values():
                assert browser.visit(url.split("#")[0]), (role, url)
    stranger = browser_for(make.holder(Role.TEAM_LEAD, make.project()))
    for query in (f"meteo sprint {number}", "meteo g6", "camille", "meteo"):
        assert suggestions(stranger, f"q={query}&project=heron") == {}


def test_the_keys_are_listed(browser_for, project):
    page = browser_for(make.holder(Role.TEAM_MEMBER, project)).visit("/shortcuts")
    assert [words_of(key) for key in page.select("main kbd")][:2] == ["/", "?"]
