"""A project with its team lead, a coach on the technical track and the programme lead."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support import gates
from tests.support.around import project


@pytest.fixture
def lead(project):
    """The team's lead."""
    return make.actor(make.role(project.id, Role.TEAM_LEAD))


@pytest.fixture
def coach(project):
    """On the technical track."""
    return make.actor(gates.coach(project))


@pytest.fixture
def direction(project):
    return make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
