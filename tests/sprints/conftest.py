"""A team's project, one of its members, and their browser."""

import pytest

from portal.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)
