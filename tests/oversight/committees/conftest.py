"""A project with a member of its team and a lead of its programme."""

import pytest

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.around import member, person, project

__all__ = ["member", "person", "project"]


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def leading(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


@pytest.fixture
def lead(leading):
    return make.actor(leading)
