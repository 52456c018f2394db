"""The guides of the repository as pages, and what a search finds in them."""

import re

import pytest

from portal.app.guides import library
from portal.app.guides.library import find_sections, list_guides
from portal.collaboration.search.query_rules import parse_query
from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def request_context(app):
    with app.test_request_context():
        yield


def test_every_section_is_a_page_and_every_link_between_guides_leads_to_one(browser_for, project):
    browser = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    index = browser.visit("/guides")
    paths = {link["href"] for link in index.select("main a") if link["href"].startswith("/guides/")}
    assert len(paths) == sum(len(guide.sections) for guide in list_guides()) > 60
    for path in sorted(paths):
        page = browser.visit(path)
        assert len(page.select("h1")) == 1
        paths_within = {link["href"] for link in page.select("article a") if link["href"].startswith("/")}
        assert paths_within <= paths


def test_the_guide_of_ones_role_is_first_and_open(browser_for, project):
    page = browser_for(make.role(project.id, Role.COACH)).visit("/guides")
    first, *others = page.select("main details")
    assert first["id"] == "coachs"
    assert first.has_attr("open")
    assert not any(each.has_attr("open") for each in others)


def test_a_guide_or_a_section_that_is_not_there_is_not_found(app):
    client = app.test_client()
    for path in ("/guides/hosting", "/guides/agents/rien", "/guides/../README"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("recommandations", "Recommander"),
        ("clôture d'un sprint", "Tenir ses sprints"),
        ('"séance collective"', "Tenir une séance collective"),
        ("demandes d'aide", "Prendre une demande d’aide"),
        ("Démarch", "Importer les candidatures de Démarches simplifiées"),
    ],
)
def test_sections_are_found_by_their_words(request_context, query, title):
    titles = [section.title for section in find_sections(parse_query(query))]
    assert any(re.fullmatch(f".*{re.escape(title)}.*", each) for each in titles), titles


def test_excluded_words_and_words_of_no_guide_find_nothing(request_context):
    assert find_sections(parse_query("recommander"))
    with_word = find_sections(parse_query("coach"))
    without = find_sections(parse_query("coach -recommandations"))
    assert set(map(id, without)) < set(map(id, with_word))
    assert not find_sections(parse_query("ornithorynque"))
    assert find_sections(parse_query("portefeuille carnet"))
    assert not find_sections(parse_query('"portefeuille carnet"'))
    assert not find_sections(parse_query(""))


def test_a_search_shows_guides_and_suggestions_name_sections_alone(browser_for, project):
    browser = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert "Pour les coachs" in browser.visit("/search?q=recommander&kind=guide").text
    suggestions = browser.visit("/go-to?q=recommander").text
    assert "Recommander" in suggestions
    assert "Vous repérer" not in browser.visit("/go-to?q=recommandation").text


def test_links_to_files_that_the_portal_does_not_show_are_plain_text(request_context):
    assert library._find_page_of_link("hosting.md#x", "agents") == ""
    assert library._find_page_of_link("coachs.md#recommander", "agents") == "/guides/coachs/recommander"
    assert library._find_page_of_link("#chercher", "agents") == "/guides/agents/chercher"
    assert (
        library._find_page_of_link("https://www.legifrance.gouv.fr", "agents")
        == "https://www.legifrance.gouv.fr"
    )
    assert library._find_page_of_link("javascript:alert(1)", "agents") == ""
