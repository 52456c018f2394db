"""A project with the people around its money: a team, a coach, two operators, a lead."""

import pytest

from tests.support import funding
from tests.support.around import project

__all__ = ["project"]


@pytest.fixture
def people(project):
    return funding.cast(project)
