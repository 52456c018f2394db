"""Factory of an imported file as the worker leaves it."""

import zlib
from datetime import timedelta
from typing import Any

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.backlog_import.models import BacklogImport, ImportStage
from portal.sprints.backlog_import.tool_rules import Tool


def backlog_import(project: Project, person: Person, **given: Any) -> BacklogImport:
    """Create a compared import of a file with one new line."""
    usual = {
        "expires_at": clock.now() + timedelta(hours=24),
        "file_name": "export.csv",
        "size": 10,
        "content": zlib.compress(b"Title\nA\n"),
        "home": f"http://127.0.0.1/projects/{project.slug}/backlog",
        "encoding": "utf-8",
        "delimiter": ",",
        "names": ["Title"],
        "tool": Tool.OTHER,
        "choices": {"columns": {"title": "Title"}},
        "stage": ImportStage.COMPARED,
        "counts": {"new": 1},
    }
    made = BacklogImport(project_id=project.id, person_id=person.id, **usual | given)
    db.session.add(made)
    db.session.commit()
    return made
