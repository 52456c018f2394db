"""Shared fixtures on a team and the people around it; a conftest imports those it needs."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def member(person):
    return make.actor(person)


@pytest.fixture
def coaching(project):
    return make.role(project.id, Role.COACH)


@pytest.fixture
def coach(coaching):
    return make.actor(coaching)


@pytest.fixture
def lead(project):
    return make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))


@pytest.fixture
def carrier(project):
    """The team's lead."""
    return make.role(project.id, Role.TEAM_LEAD)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)
