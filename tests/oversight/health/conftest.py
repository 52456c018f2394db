"""A team without a reading."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support import gates


@pytest.fixture
def project(app):
    day = clock.today() - timedelta(days=20)
    return make.project(slug="heron", starts_on=day, ends_on=day + timedelta(days=300))


@pytest.fixture
def lead(project):
    return make.actor(make.role(project.id, Role.TEAM_LEAD))


@pytest.fixture
def coach(project):
    return make.actor(gates.coach(project))


@pytest.fixture
def direction(project):
    return make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
