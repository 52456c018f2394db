"""Fixtures of transparency: a project, its team's lead and others."""

import pytest

from tests.support import factories as make
from tests.support.around import carrier, member, person


@pytest.fixture
def project(app):
    titles = {"title_fr": "Trier les demandes", "title_en": "Sorting requests"}
    return make.project(slug="heron", problem="Trop de demandes.", **titles)


@pytest.fixture
def lead(carrier):
    return make.actor(carrier)


@pytest.fixture
def browser(browser_for, carrier):
    return browser_for(carrier)
