"""An archive of a programme with a project."""

from pathlib import Path

import pytest

from portal.app.archives import commands
from portal.app.archives.contents import write_archive
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import coaching, project_file
from tests.support import factories as make


@pytest.fixture
def lead(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD, make.person(name="Lise Direction"))


@pytest.fixture
def programme(project):
    return db.session.get_one(make.Programme, project.programme_id)


@pytest.fixture
def archive(project, programme, lead, tmp_path) -> Path:
    """An archive of a programme with a project, beside another programme."""
    member = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Membre"))
    project_file.one_of_each(project)
    make.comment(project.discussion_id, member, body="Un message d’ici.")
    project_file.attachment(project, project_file.source(project), member)
    coaching.one_of_each(project, make.role(project.id, Role.COACH))
    commands.request_archive(make.actor(lead), programme)
    other = make.project(slug="ailleurs", organisation="Organisation d’ailleurs")
    make.comment(other.discussion_id, make.role(other.id, Role.TEAM_MEMBER), body="Un message d’ailleurs.")
    db.session.commit()
    path = tmp_path / "heron.zip"
    with path.open("wb") as file:
        write_archive(file, db.session.get_one(make.Programme, programme.id))
    return path
