"""A programme in its third month: a team with open issues, and one without any data."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import concerns, health, project_file, rereviews, risks, user_tests
from tests.support import factories as make

OPEN = timedelta(days=20)  # how long ago its findings were noted


@pytest.fixture
def programme(app):
    return make.programme(slug="ami", name_fr="AMI", starts_on=clock.today() - timedelta(days=75))


@pytest.fixture
def heron(programme):
    """Four severities open, a high risk whose measure is late, a decision in question; a framing
    review that nobody began and that was due two weeks ago."""
    project = make.project(programme, slug="heron", acronym="HERON", starts_on=programme.starts_on)
    person = make.role(project.id, Role.TEAM_MEMBER)
    with clock.frozen_at(clock.now() - OPEN):
        tried = user_tests.round_(project, project_file.version(project))
        user_tests.session(tried, person)
        for severity in (4, 3, 3, 1, None):
            user_tests.finding(tried, severity=severity)
    risks.late(risks.risk(project, likelihood=4, severity=4), person)
    rereviews.one_of_each(project, make.role(project.id, Role.ETHICS_REVIEWER), person)
    health.known(project)
    concerns.known(project)
    return project


@pytest.fixture
def ibis(programme):
    return make.project(programme, slug="ibis", acronym="IBIS", starts_on=clock.today())


@pytest.fixture
def direction(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)


@pytest.fixture
def browser(browser_for, direction):
    return browser_for(direction)
