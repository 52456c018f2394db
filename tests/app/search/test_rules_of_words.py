"""Words, phrases and exclusions mean the same for all that a search finds, and a search says so."""

import pytest

from portal.collaboration.discussions.commands import start_thread
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.app.search.test_search import results
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def project(app):
    return make.project(
        slug="heron",
        organisation="Météo-France",
        acronym="",
        title_fr="Occupations des sols par images",
        title_en="Floods",
    )


@pytest.fixture
def browser(browser_for, project):
    make.role(project.id, Role.TEAM_LEAD, make.person(name="Camille Roux"))
    return browser_for(make.holder(Role.TEAM_MEMBER, project))


def plain(page) -> str:
    return words_of(page.main).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("sols", "/projects/heron"),
        ('"occupations des sols"', "/projects/heron"),
        ("camille", "/projects/heron/team"),
        ('"camille roux"', "/projects/heron/team"),
        ("demander", "/projects/heron/help"),
        ('"demander de l’aide"', "/projects/heron/help"),
        ("revues", "/projects/heron/reviews"),
        ("g6", "/projects/heron/gates/6"),
    ],
)
def test_what_has_the_words_is_found(browser, words, url):
    assert url in results(browser, f"q={words}&project=heron").values()


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("sols -occupations", "/projects/heron"),
        ("sols -floods", "/projects/heron"),
        ('sols -"occupations des sols"', "/projects/heron"),
        ('"occupations sols"', "/projects/heron"),
        ('"sols occupations"', "/projects/heron"),
        ("camille -roux", "/projects/heron/team"),
        ('"roux camille"', "/projects/heron/team"),
        ("demander -aide", "/projects/heron/help"),
        ('"demander aide"', "/projects/heron/help"),
        ("revues -ethiques", "/projects/heron/reviews"),
        ('"éthiques revues"', "/projects/heron/reviews"),
        ("g6 -teste", "/projects/heron/gates/6"),
    ],
)
def test_what_has_an_excluded_word_or_no_phrase_is_not_found(browser, words, url):
    assert url not in results(browser, f"q={words}&project=heron").values()


@pytest.mark.parametrize("words", ["-occupations", '-"camille roux"', "-aide -sols"])
def test_exclusions_alone_find_nothing_and_say_so(browser, words):
    page = browser.visit(f"/search?q={words}&project=heron")
    assert not page.select("main ul.hits a")
    assert "Il n’y a ici que ce qu’il ne faut pas trouver" in plain(page)


@pytest.mark.parametrize("words", ["(((", "z" * 301, "-"])
def test_what_is_no_word_is_told_apart_from_an_exclusion(browser, words):
    text = plain(browser.visit(f"/search?q={words}"))
    assert "Il n’y a là aucun mot à chercher" in text
    assert "ne faut pas trouver" not in text


@pytest.mark.parametrize("words", ["a", "e", "s o", "m"])
def test_single_letters_find_nothing_and_the_page_says_what_to_do(browser, words):
    page = browser.visit(f"/search?q={words}&project=heron")
    assert not page.select("main .hits a")
    assert "au moins deux lettres" in plain(page)


def test_a_letter_beside_a_word_is_a_whole_word(browser, browser_for):
    assert results(browser, "q=sols p") == {}
    team = make.project(organisation="Plan B", acronym="")
    assert "Plan B" in results(browser_for(make.holder(Role.TEAM_MEMBER, team)), "q=plan b")


def test_what_is_counted_and_not_listed_is_one_link_away(browser):
    page = browser.visit("/search?q=jalon")
    total = int(words_of(page.h1).split()[0])
    listed = len(page.select("main .hits a"))
    assert listed < total
    for link in page.select("main p.small a[href*='kind=']"):
        *shown, count = (int(each) for each in words_of(link).split() if each.isdigit())
        whole = browser.visit(link["href"])
        found = len(whole.select("main .hits a"))
        assert found == min(count, 20)
        assert bool(whole.select(".fr-pagination")) == (count > 20)
        listed += count - sum(shown)
    assert listed == total


def near(browser, query: str) -> list[str]:
    links = browser.visit(f"/search?{query}").select("main > p > a, main p a[href*='q=']")
    return [words_of(link) for link in links]


def test_near_words_come_from_guides_pages_teams_and_people(browser, project, browser_for):
    assert "jalon" in near(browser, "q=jallon")
    assert "occupations" in {each.lower() for each in near(browser, "q=occuaptions")}
    make.role(project.id, Role.TEAM_LEAD, make.person(name="Zwentibold Roux"))
    assert near(browser, "q=zwentiblod") == ["Zwentibold"]
    stranger = browser_for(make.holder(Role.TEAM_MEMBER, make.project()))
    assert "jalon" in near(stranger, "q=jallon")
    assert near(stranger, "q=zwentiblod") == near(stranger, "q=occuaptions") == []


def test_near_words_are_spelled_as_texts_write_them_and_obey_the_filters(browser, project, browser_for):
    member = make.holder(Role.TEAM_MEMBER, project)
    start_thread(make.actor(member), make.sprint(project).discussion_id, "Des zébrures à l’écran.")
    db.session.commit()
    reader = browser_for(member)
    assert near(reader, "q=zebruers") == ["zébrures"]
    link = "/search?q=z%C3%A9brures&team=heron"
    page = reader.visit("/search?q=zebruers&team=heron")
    assert page.find("a", href=link)
    assert "les textes que vous pouvez lire et que gardent les filtres (équipe heron)" in plain(page)
    assert "dans tout ce que vous pouvez lire" not in plain(page).lower()
    for narrowing in ("team=ailleurs", "until=2019-12-31", "since=2890-01-01", "author=nobody"):
        assert "zébrures" not in near(reader, f"q=zebruers&{narrowing}"), narrowing
