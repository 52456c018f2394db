"""A programme with its lead, and teams with logs of a given age."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health import commands
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import Browser
from tests.support.gates import PROTOTYPE
from tests.support.health import known


def days(number: int) -> timedelta:
    return timedelta(days=number)


def log(project: Project, ago: int = 0, **given: Any) -> Sprint:
    """A sprint closed that many days ago, on its last day."""
    end = clock.today() - days(ago)
    # At noon, so that a change to summer time in between does not shift the day.
    closed_at = min(datetime.combine(end, time(11), UTC), clock.now())
    usual = {"starts_on": end - days(11), "ends_on": end, "closed_at": closed_at}
    return make.closed_sprint(project, **usual | given)


def run(project: Project, left: int = 5, **given: Any) -> Sprint:
    """A sprint in progress with that many days left."""
    end = clock.today() + days(left)
    return make.active_sprint(project, **{"number": 50, "starts_on": end - days(11), "ends_on": end} | given)


@pytest.fixture
def programme(app: Flask) -> Programme:
    return make.programme(
        slug="ami", name_fr="AMI IA 2018", name_en="AMI IA 2018", starts_on=clock.today() - days(190)
    )


@pytest.fixture
def team(programme: Programme) -> Callable[..., Project]:
    """A new team of the programme; `silent` is the age of its one log in days, None: no log yet."""

    def new(name: str, silent: int | None = 1, **given: Any) -> Project:
        of_project = {"created_at"} | {key for key in given if hasattr(Project, key)}
        of_log = [key for key in given if hasattr(Sprint, key) and key not in of_project]
        logged = {key: given.pop(key) for key in of_log}
        project = make.project(programme, organisation=name, acronym="", **given)
        if silent is not None:
            log(project, silent, **logged)
        return project

    return new


@pytest.fixture
def lead(programme: Programme) -> Person:
    return make.role(programme.id, Role.PROGRAMME_LEAD)


@pytest.fixture
def browser(browser_for: Callable[[Person], Browser], lead: Person) -> Browser:
    """The browser of the lead."""
    return browser_for(lead)


def names(page: BeautifulSoup) -> list[str]:
    """The teams of the table, in order."""
    return [tag.text for tag in page.select("tbody .team")]


def row(page: BeautifulSoup, name: str) -> str:
    """The text of a team's rows."""
    (found,) = [tag for tag in page.select("#portfolio tbody") if tag.select_one(".team").text == name]
    return spaced(found)


def spaced(tag: Tag) -> str:
    """The text of a tag, a space between its parts."""
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def strip(page: BeautifulSoup, project: Project) -> str:
    """What is read aloud of a team's gates."""
    return str(page.select_one(f"#team-{project.slug} .strip")["aria-label"]).replace("\xa0", " ")


def opened(browser: Browser, project: Project, query: str = "") -> Tag:
    """The unfolded row of a team."""
    page = browser.visit(f"/portfolio?programme=ami&open={project.slug}{query}")
    (found,) = page.select(f"#more-{project.slug}")
    return found


def ago(number: int) -> date:
    """The day that many days before today."""
    return clock.today() - days(number)


@pytest.fixture
def shown(team: Callable[..., Project], lead: Person) -> Project:
    """A team whose accepted prototype is stale today; there is another team beside it."""
    now = clock.now()
    project, other = team("Acoss", silent=None), team("DGAL", silent=None)
    with clock.frozen_at(now - timedelta(days=30)):
        demonstrated = gates.shown(project)
        gates.judged(project)
        known(project)
        known(other)
        author = make.actor(make.role(project.id, Role.TEAM_LEAD))
        commands.declare_weather(author, project, OutlookLevel.RAINY, "Peu de données")
        db.session.commit()
    with clock.frozen_at(now - timedelta(days=20)):
        gates.decision(project, PROTOTYPE, GateVerb.ACCEPTED, gates.coach(project))
        known(project)
    with clock.frozen_at(now - timedelta(days=10)):
        demonstrated.agents = 0
        db.session.commit()
        gates.judged(project)
        known(project)
    log(other, 1)
    known(other)
    return project
