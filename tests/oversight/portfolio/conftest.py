"""A programme with its lead, and teams with logs of a given age."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support.browser import Browser


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
    """The text of a team's row."""
    (found,) = [tag for tag in page.select("tbody tr") if tag.select_one(".team").text == name]
    return " ".join(found.get_text(" ").replace("\xa0", " ").split())
