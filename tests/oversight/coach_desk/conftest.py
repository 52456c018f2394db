"""A team, its two coaches, and who leads its programme."""

import pytest

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.around import coach, coaching, lead, member, person, project


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def successor(programme):
    return make.role(programme.id, Role.COACH)


@pytest.fixture
def leading(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)
