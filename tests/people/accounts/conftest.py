import pytest

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support import factories as make

SECRET = "une phrase assez longue"


@pytest.fixture
def ada(app) -> Person:
    """A person who can sign in with the password `SECRET`."""
    return with_password(make.person(name="Ada Martin", email="ada@demo.example"), app)


def with_password(person: Person, app, password: str = SECRET) -> Person:
    person.password_hash = app.extensions["passwords"].hash(password)
    db.session.commit()
    return person
