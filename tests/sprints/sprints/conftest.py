"""A browser of the team's."""

import pytest


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)
