import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project(organisation="Acoss", acronym="", starts_on=clock.today(), slug="acoss")


@pytest.fixture
def begun(project):
    """A project that has closed a sprint, so that its guided start is over."""
    make.closed_sprint(project, number=1)
    return project


@pytest.fixture
def member(begun):
    return make.holder(Role.TEAM_MEMBER, begun)
