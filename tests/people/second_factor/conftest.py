import pytest

from tests.people.accounts.conftest import ada
from tests.support.second_factor import enrol


@pytest.fixture
def codes(ada) -> list[str]:
    """The recovery codes of Ada, who has one-time codes."""
    return enrol(ada)


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)
