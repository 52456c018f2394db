"""Fixtures: a programme with its lead, an administrator, and the audit trail."""

import pytest
import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.support import factories as make


@pytest.fixture
def admin(app) -> Person:
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.fixture
def programme(app) -> Programme:
    return make.programme()


@pytest.fixture
def lead(programme) -> Person:
    return make.role(programme.id, Role.PROGRAMME_LEAD)


def trail() -> list[AuditEvent]:
    return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))
