"""A project with somebody of its team, and a round that nobody has tried yet."""

import pytest

from portal.kernel.access import Role
from tests.support import factories as make
from tests.support import user_tests as tests


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN", title_fr="Lire les lettres")


@pytest.fixture
def person(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def member(person):
    return make.actor(person)


@pytest.fixture
def round_(project):
    return tests.planned(project)


@pytest.fixture
def browser(browser_for, person):
    return browser_for(person)
