"""Rows of a portfolio by the API say what the rows of its page say, now and on a past day."""

import pytest

from portal.oversight.health import commands
from portal.oversight.portfolio.line_labels import MARKS
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.oversight.portfolio.conftest import ago, opened, row, run
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE
from tests.support.health import known

ROWS = "/programmes/ami/portfolio"


@pytest.fixture
def late_teams(team, shown):
    team("Late", silent=40)
    run(team("Running", silent=3), left=-4)


@pytest.mark.usefixtures("late_teams")
@pytest.mark.parametrize("days", [None, 15, 25])
def test_a_row_says_what_the_page_says(app, browser, lead, days):
    query = f"?on={ago(days)}" if days else ""
    page = browser.visit(f"/portfolio{query}")
    lines = api.client(app, lead).get(ROWS + query).get_json()["data"]
    assert [line["name"] for line in lines] == [tag.text for tag in page.select("tbody .team")]
    for line in lines:
        text = row(page, line["name"])
        for sentence in (line["standing"], line["reason"], line["last_gate"]["sentence"]):
            assert sentence.replace("\xa0", " ") in text, line
        strip = page.select_one(f"#team-{line['slug']} .strip")
        shown = [(int(tag.text), tag.get("class", [""])[0]) for tag in strip.select("i")] if strip else []
        assert [(gate["number"], MARKS.get(gate["standing"], "")) for gate in line["gates"]] == shown
        assert line["accepted"] is None or f"{line['accepted']} %" in text


@pytest.mark.usefixtures("late_teams")
def test_a_row_says_why_to_look_at_a_team_and_what_it_does(app, lead):
    lines = {
        line["name"]: line for line in api.client(app, lead, can_write=False).get(ROWS).get_json()["data"]
    }
    late, running, stale = lines["Late"], lines["Running"], lines["Acoss"]
    assert {"code": "silent", "level": "ALERT", "number": 40} in late["reasons"]
    assert (late["days_without_close"], late["running_sprint"]) == (40, None)
    assert running["running_sprint"]["days_left"] == -4
    assert "overdue" in {reason["code"] for reason in running["reasons"]}
    assert running["last_sprint"]["outcome"] == "met"
    assert stale["next_gate"]["number"] == 0
    assert [gate["number"] for gate in stale["gates"]] == list(range(12))
    assert stale["gates"][PROTOTYPE]["standing"] == "stale"
    assert stale["next_gate"]["sentence"].startswith("G0")
    assert stale["health"]["level"] in {"WATCH", "ALERT"}


@pytest.mark.usefixtures("late_teams")
def test_an_observer_reads_gates_as_they_were(app, programme):
    observer = api.client(app, make.role(programme.id, Role.OBSERVER))

    def standing(query):
        lines = {line["name"]: line for line in observer.get(ROWS + query).get_json()["data"]}
        return lines["Acoss"]["gates"][PROTOTYPE]["standing"]

    assert (standing(f"?on={ago(15)}"), standing("")) == ("accepted", "stale")


def test_who_may_not_open_a_team_reads_no_more_of_it_than_its_row(app, programme, team):
    run(team("Running", silent=3), goal="CANARI")
    observer = api.client(app, make.role(programme.id, Role.OBSERVER))
    assert "CANARI" not in observer.get(ROWS).get_data(as_text=True)
    other = api.client(app, make.role(make.programme(slug="autre").id, Role.OBSERVER))
    assert other.get(ROWS).status_code == 404


def test_one_weather_stands_in_an_unfolded_row(browser, team):
    """That which the team told last, whether a log or its lead did, with its day."""
    stormy = team("Orage", outlook=OutlookLevel.STORMY, outlook_note="Le marché est bloqué.")
    sunny = team("Soleil", outlook=OutlookLevel.SUNNY)
    for project, said in ((stormy, OutlookLevel.RAINY), (sunny, OutlookLevel.CLOUDY)):
        known(project)
        commands.declare_weather(
            make.actor(make.role(project.id, Role.TEAM_LEAD)), project, said, "Dit après."
        )
    db.session.commit()
    on = format_day(clock.today_for_reader(), "d MMM").replace("\xa0", " ")
    text = words_of(opened(browser, stormy))
    assert f"Pluie annoncée le {on} : Dit après." in text
    assert "Météo" not in text
    assert "Orage annoncé" not in text
    text = words_of(opened(browser, sunny))
    assert text.count("Météo : nuages (Dit après.), le ") == 1
    assert "oleil" not in text.replace("Soleil", "")
