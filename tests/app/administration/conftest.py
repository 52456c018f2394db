import pytest

from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from tests.support import factories as make


@pytest.fixture
def admin(app) -> Person:
    return make.role(INSTALLATION, Role.ADMINISTRATOR)
