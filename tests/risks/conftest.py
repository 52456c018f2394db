"""A team that notes what could happen to people."""

import pytest

from portal.kernel.access import Role
from tests.support import factories as make
from tests.support import project_file, user_tests


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def member(person):
    return make.actor(person)


@pytest.fixture
def carrier(project):
    return make.role(project.id, Role.TEAM_LEAD)


@pytest.fixture
def lead(carrier):
    return make.actor(carrier)


@pytest.fixture
def harm(project):
    """A finding that somebody could be harmed by."""
    round_ = user_tests.round_(project, project_file.version(project))
    return user_tests.finding(round_, what="Le refus est lu comme définitif.", is_harm=True)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)
