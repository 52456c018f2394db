"""A project with something in each part of its sheet, and people around it."""

import pytest

from portal.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def project(app):
    titles = {"title_fr": "Trier les demandes", "title_en": "Sorting requests"}
    return make.project(slug="heron", problem="Trop de demandes.", **titles)


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
def browser(browser_for, carrier):
    return browser_for(carrier)
