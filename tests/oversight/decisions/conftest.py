"""A project with its team, a coach, and two leads and an operator of its programme."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support.around import browser, coach, coaching, lead, member, person, project

__all__ = ["browser", "coach", "coaching", "lead", "member", "person", "project"]


@pytest.fixture
def other_lead(project):
    return make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))


@pytest.fixture
def operator(project):
    return make.actor(make.role(project.programme_id, Role.OPERATOR))
