"""A programme with a lead, and a call under review with two jurors."""

import pytest

from portal.platform.kernel.access import Role
from portal.selection.calls.models import CallState
from tests.support import calls as some
from tests.support import factories as make


@pytest.fixture
def programme(app):
    return make.programme(slug="ami")


@pytest.fixture
def leading(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)


@pytest.fixture
def lead(leading):
    return make.actor(leading)


@pytest.fixture
def call(lead, programme):
    return some.call(lead, programme)


@pytest.fixture
def jurors(lead, call):
    return [some.juror(lead, call) for _ in range(3)]


@pytest.fixture
def under_review(lead, call, jurors):
    """An eligible application with two jurors assigned, in a call under review."""
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    return row
