"""A project with a data source, its team, and a storage."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.services import get_service
from portal.platform.storage.intake import UploadIntake
from portal.project.data_sources.models import DataSource
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import Browser


@pytest.fixture
def project(app: Flask) -> Project:
    return make.project(slug="heron", acronym="HERON")


@pytest.fixture
def source(project: Project) -> DataSource:
    return file.source(project)


@pytest.fixture
def browser(project: Project, browser_for: Callable[[Person], Browser]) -> Browser:
    return browser_for(make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Diallo")))


@pytest.fixture
def desk(app: Flask) -> UploadIntake:
    found = get_service(UploadIntake, app)
    for stored in list(found.storage.stored()):  # of another test
        found.storage.delete(stored.key)
    return found


@pytest.fixture
def kept(desk: UploadIntake) -> Callable[[], int]:
    """How many files are in the storage."""
    return lambda: len(list(desk.storage.stored()))
