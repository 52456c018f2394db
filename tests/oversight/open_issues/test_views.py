"""The list of open issues, as a page and as a file."""

from datetime import timedelta

import pytest

from portal.ethics.risks import commands as risks
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.open_issues import page_views
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.months import months_after
from portal.platform.web.template_filters import day
from portal.project.projects import commands as projects
from tests.ethics.risks.test_commands import facts
from tests.support import concerns, gates, health, project_file, reviews, transparency, user_tests
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/portfolio/concerns"
TAKE = f"{URL}/export"
BUDGET = 12  # statements


def teams(page):
    return [tag.text for tag in page.select("tbody .team")]


def cells(page, name):
    """What the row of a team unfolds to, by column."""
    return [words_of(tag) for tag in _rows(page, name).select(".issues > div")]


def brief(page, name):
    """The cells of a team's line."""
    return [words_of(tag) for tag in _rows(page, name).select(".teams__row td")]


def _rows(page, name):
    (found,) = [tag for tag in page.select("tbody") if tag.select_one(".team").text == name]
    return found


def figures(page):
    return [words_of(tag) for tag in page.select(".tile")]


def test_the_page_says_what_is_open_due_and_late_and_leads_there(browser, heron, ibis):
    page = browser.visit(URL)
    assert words_of(page.h1) == "AMI : tests et éthique"
    assert teams(page) == ["HERON", "IBIS"]
    found, tested, ethics, risks, sheet = cells(page, "HERON")
    for told in ("3 graves", "1 catastrophique", "2 majeurs", "1 × gravité 1", "1 × gravité non"):
        assert told in found
    assert "le plus ancien noté il y a 20 jours" in found
    assert "1 participant" in tested
    assert "1 en retard" in ethics
    assert "Revue de cadrage : pas commencée, en retard depuis le" in ethics
    assert {"Constats ouverts Jamais testé"} < set(cells(page, "IBIS"))
    assert "Revue avant exposition : pas commencée, attendue le" in ethics
    assert "3 réexamens attendus" in ethics
    assert "1 élevé" in risks
    assert "1 mesure en retard" in risks
    assert "Pas commencée" in sheet
    lines = brief(page, "HERON")
    assert lines[0] == "3 graves, 20 j"
    assert lines[2:] == [
        "1 revue en retard, 3 réexamens",
        "1 risque élevé, 1 mesure en retard",
        "Pas commencée",
    ]
    assert brief(page, "IBIS")[:3] == [
        "–",
        "aucun test",
        f"Revue G3 attendue le {day(months_after(clock.today(), 2))}",
    ]
    links = {tag["href"] for tag in page.select("#concerns td a")}
    assert links >= {
        "/projects/heron/findings?severity=4",
        "/projects/heron/findings/1",
        "/projects/heron/reviews",
        "/projects/heron/reviews/triggers",
        "/projects/heron/risks",
        "/projects/heron/transparency",
    }
    for link in links | {tag["href"] for tag in page.select(".tile a, .page-head__menus a, #views a")}:
        browser.visit(link)


def test_a_line_tells_what_is_settled_from_what_nobody_did(browser, ibis, direction):
    with clock.frozen_at(clock.now() - timedelta(days=32)):
        gates.shown(ibis)
        gates.judged(ibis)
        gates.decision(ibis, gates.PROTOTYPE, GateVerb.ACCEPTED, direction)
    lead, by = make.role(ibis.id, Role.TEAM_LEAD), reviews.reviewer(ibis)
    taken = reviews.taken(make.actor(lead), ibis, by)
    reviews.decide(by, ibis, taken)
    health.known(ibis)
    concerns.known(ibis)
    line = brief(browser.visit(URL), "IBIS")
    assert line[1:3] == ["aucun test, 32 j après G5", "Revue G3 acceptée"]
    user_tests.session(user_tests.round_(ibis, project_file.version(ibis)), lead)
    health.known(ibis)
    concerns.known(ibis)
    assert brief(browser.visit(URL), "IBIS")[:2] == ["aucun grave", "Test 1 participant"]
    projects.pause_project(make.actor(direction), ibis)
    health.known(ibis)
    assert "Jamais" not in words_of(_rows(browser.visit(URL), "IBIS"))


def test_the_figures_count_all_teams_that_go_on_and_lead_to_them(browser, heron, ibis, programme):
    ended = {"stopped_on": clock.today(), "stop_reason": "r", "learnings": "l"}
    rests = make.project(programme, slug="milan", **ended)
    user_tests.finding(user_tests.planned(rests), severity=4)
    concerns.known(rests)
    page = browser.visit(URL)
    told = figures(page)
    assert told[0] == "3 constats graves dans 1 équipe sur 2 le plus ancien noté il y a 20 jours"
    assert told[1:4] == ["1 revue éthique en retard", "0 revue soumise à décider", "3 réexamens attendus"]
    assert told[4:] == [
        "0 condition en retard",
        "1 risque élevé ouvert",
        "1 mesure en retard",
        "0 fiche de transparence publiée sur 2",
    ]
    for link in page.select(".tile a"):
        assert teams(browser.visit(link["href"])) == ["HERON"]
    assert teams(page)[-1].startswith("ORG")  # does not go on, so it comes last
    assert [words_of(tag) for tag in page.select("#views li")] == [
        "Toutes 3",
        "En retard 1",
        "Constats graves 1",
    ]
    for link in page.select("#views a")[1:]:
        shown = browser.visit(link["href"])
        assert teams(shown) == ["HERON"]
        assert shown.select_one("#views [aria-current]").text == link.text


@pytest.mark.parametrize("day", [1, -400])
def test_a_day_without_figures_says_so_as_the_portfolio_does(browser, heron, day):
    asked = clock.today() + timedelta(days=day)
    page = browser.visit(f"{URL}?on={asked}")
    assert "Aucun chiffre pour le" in words_of(page.main)
    assert not page.select("table, .tile")
    assert "Aucun chiffre pour le" in words_of(browser.visit(f"/portfolio?on={asked}").main)


def test_what_is_no_day_is_named_as_not_understood(browser, heron):
    (alert,) = browser.visit("/portfolio/concerns?on=abc").select("main .fr-alert")
    assert "Ce jour n’a pas été compris" in words_of(alert)


def test_a_past_day_is_said_not_to_be_shown_here(browser, heron):
    asked = clock.today() - timedelta(days=3)
    page = browser.visit(f"{URL}?on={asked}")
    assert "ne dit que ce qui est ouvert aujourd’hui" in words_of(page.main)
    assert teams(page) == ["HERON"]
    browser.visit(page.select_one(f"a[href*='on={asked}']")["href"])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("severity=severe", ["HERON"]),
        ("severity=catastrophic", ["HERON"]),
        ("ethics=overdue", ["HERON"]),
        ("ethics=waiting", []),
        ("ethics=stale", ["HERON"]),
        ("ethics=conditions", []),
        ("risks=high", ["HERON"]),
        ("risks=overdue&overdue=1", ["HERON"]),
        ("overdue=1", ["HERON"]),
        ("sheet=published", ["IBIS"]),
        ("sheet=missing", ["HERON"]),
        ("organisation=ibis", ["IBIS"]),
        ("track=technical", ["HERON", "IBIS"]),
        ("sort=organisation", ["HERON", "IBIS"]),
        ("sort=age", ["HERON", "IBIS"]),
        ("sort=ethics", ["HERON", "IBIS"]),
        ("sort=risks&overdue=1&severity=severe", ["HERON"]),
        ("severity=x&page=77", ["HERON", "IBIS"]),
    ],
)
def test_filters_and_order_are_in_the_address(browser, heron, ibis, query, shown):
    transparency.published(ibis, make.role(ibis.id, Role.TEAM_LEAD))
    concerns.known(ibis)

    page = browser.visit(f"{URL}?{query}")

    assert teams(page) == shown
    assert bool(page.select("#concerns .empty")) is not bool(shown)
    if "=x" in query:
        assert "Constats ouverts" in words_of(page.select_one("#concerns [role=status]"))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OBSERVER])
def test_whoever_watches_is_told_numbers_and_no_more(browser_for, heron, ibis, role):
    browser = browser_for(make.role(heron.programme_id, role))

    page = browser.visit(URL)

    found, _tested, ethics, risks, sheet = cells(page, "HERON")
    assert "3 graves" in found
    assert "gravité" not in found
    assert "Revue de cadrage : pas encore remise, en retard" in ethics
    assert "élevé" in risks
    assert "mesure" not in risks
    assert sheet.endswith("Pas publiée")
    assert not page.select("#concerns a[href^='/projects/']")
    assert [tag["value"] for tag in page.select("#risks option")] == ["", "high"]
    assert not any("mesure" in told for told in figures(page))
    assert any("condition" in told for told in figures(page)) is (role is Role.OBSERVER)
    assert bool(page.select("a[href='/programmes/ami/reviews']")) is (role is Role.OBSERVER)
    told = browser.open(TAKE, method="POST", data={"kind": "json", "query": "severity=severe"}).json
    (row,) = told["rows"]
    assert told["filters"] == {"severity": "severe"}
    assert (row["project"], row["severity_4"], row["severity_3"]) == ("heron", 1, 2)
    hidden = ("severity_1", "unrated", "measures", "measures_late")
    assert [row[name] for name in hidden] == [None] * len(hidden)
    assert (row["conditions"] is None) is (role is Role.OPERATOR)


def test_a_coach_reads_the_teams_they_coach(browser_for, heron, ibis):
    browser = browser_for(make.role(ibis.id, Role.COACH))

    page = browser.visit(URL)

    assert teams(page) == ["IBIS"]
    assert "Les équipes que vous accompagnez." in words_of(page.main)
    rows = browser.open(TAKE, method="POST", data={"kind": "json", "query": ""}).json["rows"]
    assert [row["project"] for row in rows] == ["ibis"]


def test_a_team_reads_none_of_it(browser_for, heron):
    browser = browser_for(make.role(heron.id, Role.TEAM_LEAD))
    browser.visit(URL, expect=404)
    browser.visit(TAKE, expect=404)


def test_files_hold_what_the_page_shows_its_reader(browser, heron, ibis):
    heron.organisation = "=1+1"
    db.session.commit()

    def take(kind, query=""):
        return browser.open(TAKE, method="POST", data={"kind": kind, "query": query})

    told = take("json").json
    assert [row["project"] for row in told["rows"]] == ["heron", "ibis"]
    row = told["rows"][0]
    assert [row[f"severity_{n}"] for n in range(5)] == [0, 1, 0, 2, 1]
    assert (row["unrated"], row["triggers"], row["high"], row["measures_late"]) == (1, 3, 1, 1)
    text = take("csv", "programme=ami&severity=severe").text
    assert "'=1+1" in text
    assert text.count("\r\n") == 2
    assert take("xlsx").data.startswith(b"PK")
    page = browser.visit(f"{TAKE}?severity=severe")
    assert "severity=severe" in page.select_one("input[name=query]")["value"]
    taken = db.session.query(AuditEvent).filter_by(action="portfolio.exported")
    assert [one.facts["what"] for one in taken] == ["concerns"] * 3


def test_empty_pages_say_why(browser_for, programme, direction):
    for person in (direction, make.role(programme.id, Role.COACH)):
        page = browser_for(person).visit(URL)
        assert "Revenir au portefeuille" in words_of(page.select_one("#concerns .empty"))
        assert not page.select(".tile")


def test_the_portfolio_leads_here_and_not_to_a_stranger_programme(browser, heron):
    page = browser.visit("/portfolio")
    assert page.select(".page-head__menus a[href^='/portfolio/concerns?']")
    make.programme(slug="other")
    browser.visit(f"{URL}?programme=other", expect=404)


def test_two_hundred_teams_cost_what_ten_cost(browser, programme, statements):
    costs = []
    for numbers in (range(10), range(10, 200)):
        for number in numbers:
            project = make.project(programme, starts_on=clock.today() - timedelta(days=number))
            if number % 20 == 0:
                user_tests.finding(user_tests.planned(project), severity=3)
            concerns.known(project)
        browser.visit(URL)  # the session's mark of last use is written once
        page_views.clear_caches()
        statements.clear()
        page = browser.visit(URL)
        costs.append(len([sql for sql in statements if sql.lstrip().startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1] <= BUDGET
    statements.clear()
    browser.visit(URL)
    assert not any("concern_figures" in sql for sql in statements)  # cached until the trail grows
    risks.note_risk(make.actor(make.role(project.id, Role.TEAM_MEMBER)), project, facts())
    db.session.commit()
    assert "1 risque élevé ouvert" in words_of(browser.visit(URL).main)
    assert len(teams(page)) == 25
    assert len(teams(browser.visit(f"{URL}?page=8"))) == 25
