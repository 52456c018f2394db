"""A project with a team member, and a round without sessions."""

import pytest

from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.around import browser, member, person


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN", title_fr="Lire les lettres")


@pytest.fixture
def round_(project):
    return tests.planned(project)
