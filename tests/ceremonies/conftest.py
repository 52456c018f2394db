"""A project with a closed sprint, and somebody of its team."""

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
def member(person):
    return make.actor(person)


@pytest.fixture
def sprint(project):
    return make.closed_sprint(project)
