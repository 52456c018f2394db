"""A project whose prototype was tested twice: round 1 on version 1, round 2 on version 2."""

import pytest

from tests.support import factories as make
from tests.support import project_file, user_tests
from tests.support.around import browser, carrier, member, person, project


@pytest.fixture
def lead(carrier):
    return make.actor(carrier)


@pytest.fixture
def versions(project):
    return [project_file.version(project) for _number in range(2)]


@pytest.fixture
def first(project, versions):
    """Round 1, with two tasks."""
    made = user_tests.round_(project, versions[0])
    user_tests.task(made)
    user_tests.task(made, 2)
    return made


@pytest.fixture
def sessions(first, person):
    held = [user_tests.session(first, person) for _number in range(5)]
    user_tests.session(first, person, is_rehearsal=True)
    return held


@pytest.fixture
def second(project, versions, person):
    """Round 2, with the session P9 and no sightings."""
    made = user_tests.round_(project, versions[1])
    user_tests.session(made, person, number=9)
    return made
