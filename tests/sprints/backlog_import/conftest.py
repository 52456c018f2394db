"""A project, a team member, and an import from end to end."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import current_app

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.tables.csv_file import CsvIntake, read_layout
from portal.project.projects.models import Project
from portal.sprints.backlog_import import commands, jobs
from portal.sprints.backlog_import.commands import StagedFile
from portal.sprints.backlog_import.models import BacklogImport
from portal.sprints.backlog_import.tool_rules import count_recognised_names
from tests.support import factories as make

HOME = "http://127.0.0.1:8000/projects/heron/backlog"


@pytest.fixture
def project(app) -> Project:
    return make.project(slug="heron")


@pytest.fixture
def person(project) -> Person:
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def member(person) -> Actor:
    return make.actor(person)


def work() -> None:
    """Runs the jobs of the worker at once."""
    db.session.commit()
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        jobs.run_due_backlog_imports()
    db.session.expire_all()


@dataclass
class Importer:
    member: Actor
    project: Project

    def stage(self, data: bytes) -> BacklogImport:
        intake = CsvIntake()
        for start in range(0, len(data), 65_536):
            intake.take(data[start : start + 65_536])
        content, encoding = intake.finish()
        upload = StagedFile(
            name="export.csv",
            size=intake.size,
            content=content,
            layout=read_layout(content, encoding, count_recognised_names),
            backlog_url=HOME,
        )
        return commands.stage_file(self.member, self.project, upload)

    def compare(self, data: bytes) -> BacklogImport:
        made = self.stage(data)
        work()
        return made

    def confirm(self, made: BacklogImport) -> bool:
        said = commands.confirm_import(self.member, self.project, made, made.round)
        work()
        return said

    def bring(self, data: bytes) -> BacklogImport:
        made = self.compare(data)
        self.confirm(made)
        assert made.stage == "done", (made.stage, made.refusal, made.counts)
        return made


@pytest.fixture
def importer(member, project) -> Callable[[], Importer]:
    return Importer(member, project)
