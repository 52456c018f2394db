"""A project with its team, a coach and two leads of its programme."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import factories as make
from tests.support.around import coaching, person, project

__all__ = ["coaching", "person", "project"]


@pytest.fixture
def leading(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


@pytest.fixture
def direction(browser_for, leading):
    return browser_for(leading)
