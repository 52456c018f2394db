import pytest

from portal.people.accounts.models import Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from tests.support import factories as make

SECRET = "une phrase assez longue"


@pytest.fixture
def ada(app) -> Person:
    """A person who can sign in with the password `SECRET`."""
    return with_password(make.person(name="Ada Martin", email="ada@demo.example"), app)


def with_password(person: Person, app, password: str = SECRET) -> Person:
    person.password_hash = get_service(PortalPasswordHasher, app).hash(password)
    db.session.commit()
    return person
