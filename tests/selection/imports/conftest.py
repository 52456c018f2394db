"""A call connected to a server of applications."""

import pytest

from tests.house.conftest import portal
from tests.support import sources
from tests.support.demarches import Demarches
from tests.support.dossiers import dossiers


@pytest.fixture
def site(app):
    with Demarches(dossiers=dossiers(23)).serve() as serving, sources.asked_at(app, serving):
        yield serving


@pytest.fixture
def source(lead, call, site):
    return sources.connect(lead, call, site)
