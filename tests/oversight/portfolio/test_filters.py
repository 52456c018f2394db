"""The query string of the portfolio: filters, order, page."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.oversight.portfolio.conftest import names, run
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/portfolio"


@pytest.fixture
def four(programme, team) -> str:
    """Four teams, each the only one that some filter lets through; returns the id of a coach."""
    herault = team("DDTM de l’Hérault", 2, outlook=OutlookLevel.RAINY)
    team("Acoss", 1, help_wanted=True)
    team("DGAL", 3, paused_on=clock.today())
    make.track(programme, key="scientific")
    team("ASN", 22)
    coach = make.role(programme.id, Role.COACH)
    return str(make.role(herault.id, Role.COACH, coach).id)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("coach={coach}", ["DDTM de l’Hérault"]),
        ("track=scientific", ["ASN"]),
        ("organisation=herault", ["DDTM de l’Hérault"]),
        ("organisation=HÉRAULT", ["DDTM de l’Hérault"]),
        ("organisation=l'herault", ["DDTM de l’Hérault"]),
        ("outlook=rainy", ["DDTM de l’Hérault"]),
        ("help=1", ["Acoss"]),
        ("silent=1", ["ASN"]),
        ("state=paused", ["DGAL"]),
        ("state=active&sort=organisation", ["Acoss", "ASN", "DDTM de l’Hérault"]),
        ("help=1&silent=1", []),
        ("attention=help", ["Acoss"]),
        ("attention=help_new", ["Acoss"]),
        ("attention=help_followed", []),
        ("attention=watch", ["ASN", "DDTM de l’Hérault"]),
        ("organisation=%25", []),
    ],
)
def test_each_filter_keeps_what_it_names(browser, four, query, found):
    page = browser.visit(f"{URL}?{query.format(coach=four)}")

    assert names(page) == found
    count = words_of(page.select_one("[data-announce]"))
    assert count.startswith(f"{len(found) or 'Aucune'} équipe")
    assert count.endswith(" sur 4")
    assert (
        page.select_one("#filter-count")
        .text.strip()
        .startswith(f"({len(query.split('&')) - query.count('sort')}")
    )
    is_tab = query == "attention=help"
    cleared = [(link.text, link["href"]) for link in page.select("[data-announce] + a")]
    assert cleared == ([] if is_tab else [("Réinitialiser les filtres", f"{URL}?programme=ami")])
    if not found:
        assert "Voir toutes les équipes" in words_of(page.select_one("#portfolio .empty"))


def test_the_form_shows_the_filters_that_the_url_holds(browser, four):
    query = f"coach={four}&track=technical&organisation=h%C3%A9rault&outlook=rainy&silent=1"
    page = browser.visit(f"{URL}?{query}&sort=last_log&state=active")

    chosen = {tag.find_parent("select")["name"]: tag["value"] for tag in selected(page)}
    assert chosen["coach"] == four
    assert (chosen["track"], chosen["outlook"]) == ("technical", "rainy")
    assert (chosen["sort"], chosen["state"]) == ("last_log", "active")
    assert page.select_one("#organisation")["value"] == "hérault"
    assert page.select_one("#silent").has_attr("checked")
    assert not page.select_one("#help").has_attr("checked")


def selected(page):
    return page.select("option[selected]")


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("attention", ["Dorée", "Camus", "Bidal", "Amont"]),
        ("organisation", ["Amont", "Bidal", "Camus", "Dorée"]),
        ("last_log", ["Bidal", "Camus", "Amont", "Dorée"]),
        ("sprint_end", ["Camus", "Amont", "Bidal", "Dorée"]),
    ],
)
def test_teams_are_sorted_as_asked(browser, team, sort, order):
    run(team("Amont", 5), left=3)
    run(team("Bidal", 12), left=9)
    run(team("Camus", 9), left=-1)
    team("Dorée", 1, help_wanted=True)

    assert names(browser.visit(f"{URL}?sort={sort}")) == order


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("coach=nobody", "Coach"),
        ("coach=00000000-0000-0000-0000-000000000009", "Coach"),
        ("track=cooking", "Volet"),
        ("outlook=foggy", "Météo"),
        ("state=lost", "État du projet"),
        ("help=perhaps", "Aide demandée"),
        ("sort=goal", "Trier par"),
        ("page=0", "Page"),
        ("page=99999999999999999999999", "Page"),
        ("page=two", "Page"),
        ("organisation=" + "a" * 201, "Organisation"),
    ],
)
def test_a_value_that_makes_no_sense_falls_back_and_is_told(browser, team, query, named):
    team("Acoss")

    page = browser.visit(f"{URL}?{query}")

    assert names(page) == ["Acoss"]
    assert words_of(page.select_one("#portfolio .fr-alert")).endswith(f": {named}.")


def test_an_unknown_name_and_an_empty_value_are_nobodys_fault(browser, team):
    team("Acoss")

    page = browser.visit(f"{URL}?utm_source=mail&coach=&outlook=&organisation=%20")

    assert names(page) == ["Acoss"]
    assert not page.select("#portfolio .fr-alert")
    assert "Réinitialiser" not in page.text


def test_a_tab_says_itself_what_it_lets_through(browser, four):
    tab = browser.visit(f"{URL}?attention=help")
    narrower = browser.visit(f"{URL}?attention=help&organisation=a")

    line = tab.select_one("[data-announce]").parent
    assert line["class"] == ["fr-sr-only"]
    assert not line.select("a")  # nobody sees what has the focus there
    assert narrower.select_one("[data-announce] ~ a").text == "Réinitialiser les filtres"


def test_a_page_holds_twenty_five_and_its_links_keep_the_filters(browser, team):
    for number in range(28):
        team(f"Équipe {number:02}")

    first = browser.visit(f"{URL}?organisation=equipe&sort=organisation")
    (link,) = {tag["href"] for tag in first.select(".fr-pagination a[rel=next]")}
    second = browser.visit(link)

    assert names(first) == [f"Équipe {number:02}" for number in range(25)]
    assert names(second) == ["Équipe 25", "Équipe 26", "Équipe 27"]
    assert "organisation=equipe" in link
    assert "sort=organisation" in link
    assert names(browser.visit(f"{URL}?sort=organisation&page=9")) == names(second)


def test_htmx_gets_the_table_alone_and_pushes_the_address(browser, four):
    page = browser.visit(URL)
    form = page.select_one("form[hx-get]")
    assert (form["hx-target"], form["hx-push-url"], form["method"]) == ("#portfolio", "true", "get")
    assert form.select_one("button[type=submit]")

    part = browser.with_htmx().visit(f"{URL}?help=1")

    assert part.html is None
    assert part.find()["id"] == "portfolio"
    assert names(part) == ["Acoss"]
    assert not part.select("form.filters")
    assert part.select_one("nav#views")["hx-swap-oob"] == "outerHTML"
    assert part.select_one("#filter-count")["hx-swap-oob"] == "outerHTML"
    assert "(1" in part.select_one("#filter-count").text
    keep = part.find("a", string="Garder cette vue")
    assert "help=1" in keep["href"]  # the filters of the fragment, not those of the whole page


def test_the_first_tile_counts_teams_that_nobody_follows_in_english(browser_for, programme, four):
    reader = make.role(programme.id, Role.OBSERVER, make.person(locale="en"))
    assert (
        words_of(browser_for(reader).visit(URL).select_one('a[href*="charge=new"]'))
        == "3 in all with nobody in charge"
    )
