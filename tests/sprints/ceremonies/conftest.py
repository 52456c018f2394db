"""A team member as the actor, and a closed sprint."""

import pytest

from tests.support import factories as make


@pytest.fixture
def member(person):
    return make.actor(person)


@pytest.fixture
def sprint(project):
    return make.closed_sprint(project)
