import pytest

from portal.people.proconnect.models import FederatedIdentity
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import ada
from tests.support import proconnect


def identities() -> list[tuple[object, str]]:
    """Who is linked to which subject, the oldest first."""
    db.session.rollback()
    rows = db.session.query(FederatedIdentity).order_by(FederatedIdentity.id)
    return [(row.person_id, row.subject) for row in rows]


@pytest.fixture(scope="session")
def _serving():
    with proconnect.serving() as provider:
        yield provider


@pytest.fixture
def provider(app, _serving):
    """A provider to which the application is connected."""
    usual = type(_serving.behaviour)()
    _serving.behaviour, _serving.subjects = usual, {}
    _serving.queries.clear()
    with proconnect.connected(app, _serving):
        yield _serving


@pytest.fixture
def linked(ada, provider):
    """Ada, whose account a subject of the provider opens."""
    subject = provider.subject_of(ada.email)
    db.session.add(FederatedIdentity(person_id=ada.id, issuer=provider.issuer, subject=subject))
    db.session.commit()
    return ada


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)
