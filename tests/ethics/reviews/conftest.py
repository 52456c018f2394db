"""Fixtures of reviews: a project with its team, the programme's lead, and a reviewer."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support import reviews
from tests.support.around import carrier, member, person


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def lead(carrier):
    return make.actor(carrier)


@pytest.fixture
def director(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


@pytest.fixture
def direction(director):
    return make.actor(director)


@pytest.fixture
def judge(project):
    """The reviewer, with the role in the project."""
    return reviews.reviewer(project)


@pytest.fixture
def reviewer(judge):
    return make.actor(judge)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)
