import pytest

from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.project.projects.models import Project
from tests.support import factories as make


@pytest.fixture
def project(app) -> Project:
    return make.project(slug="heron")


@pytest.fixture
def admin(app) -> Person:
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.fixture
def goes(app) -> Person:
    """The old account of Nour."""
    return make.person(name="Nour Haddad", email="nour@ancien.example", handle="nour-h")


@pytest.fixture
def stays(app) -> Person:
    """The new account of Nour."""
    return make.person(name="Nour Haddad-Petit", email="nour@nouveau.example", handle="nour-hp")
