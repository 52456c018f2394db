"""A browser in which a team member is signed in."""

import pytest


@pytest.fixture
def browser(person, browser_for):
    return browser_for(person)
