"""Fixtures of risks: a project, its team, a finding."""

import pytest

from tests.support import factories as make
from tests.support import project_file, user_tests
from tests.support.around import browser, carrier, member, person, project


@pytest.fixture
def lead(carrier):
    return make.actor(carrier)


@pytest.fixture
def harm(project):
    """A finding of a possible harm."""
    round_ = user_tests.round_(project, project_file.version(project))
    return user_tests.finding(round_, what="Le refus est lu comme définitif.", is_harm=True)
