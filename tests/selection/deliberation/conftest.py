"""A call with decisions that are not published yet."""

import pytest

from portal.platform.kernel.access import Role
from portal.selection.deliberation.models import DecisionKind
from tests.support import calls as some
from tests.support import factories as make


@pytest.fixture
def people(programme):
    return [make.role(programme.id, Role.JUROR) for _ in range(2)]


@pytest.fixture
def decided(lead, programme, people):
    return some.decided(lead, programme, people, list(DecisionKind))
