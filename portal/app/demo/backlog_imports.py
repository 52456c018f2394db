"""Backlog imports of the demonstration: a backlog from another tool, and that tool's next export.

They pass through the worker's job like any file, so they run today, after everything else is
committed. The second one waits for a decision.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from portal.app.demo.story_part import ProjectStory
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, transaction
from portal.platform.kernel.text import fold, using_language
from portal.platform.tables.csv_file import CsvIntake, read_layout
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.sprints.backlog.commands import ItemFacts, edit_item
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog_import import commands, jobs
from portal.sprints.backlog_import.commands import StagedFile
from portal.sprints.backlog_import.models import BacklogImport
from portal.sprints.backlog_import.queries import get_import
from portal.sprints.backlog_import.tool_rules import count_recognised_names


class BacklogImportStory:
    """Imports the backlog of one team from another tool."""

    def __init__(self, slug: str, member: Callable[[], Actor]) -> None:
        self.slug = slug
        self.member = member

    def import_files(self, project_story: ProjectStory) -> None:
        entry = project_story.get("imported")
        if not entry:
            return
        with using_language("fr"):
            self._confirm_import(self._import_text(entry["first"]))
            self._edit_item(entry["changed_here"])
            self._import_text(entry["then"])

    def _actor_and_project(self) -> tuple[Actor, Project]:
        actor = self.member()
        return actor, get_project(actor, self.slug)

    def _import_text(self, text: str) -> Any:
        intake = CsvIntake()
        intake.take(text.encode())
        content, encoding = intake.finish()
        layout = read_layout(content, encoding, count_recognised_names)
        with transaction():
            name = "detecteur_issues.csv"
            upload = StagedFile(name=name, size=intake.size, content=content, layout=layout, backlog_url="")
            import_id = commands.stage_file(*self._actor_and_project(), upload).id
        jobs.run_due_backlog_imports()
        return import_id

    def _confirm_import(self, import_id: Any) -> None:
        with transaction():
            actor, project = self._actor_and_project()
            imported: BacklogImport = get_import(actor, project, import_id)
            commands.confirm_import(actor, project, imported, imported.round)
        jobs.run_due_backlog_imports()

    def _edit_item(self, changed: Mapping[str, str]) -> None:
        """Edit items in the portal between the two imports."""
        with transaction():
            actor, project = self._actor_and_project()
            named = Item.project_id == project.id, Item.title_fold == fold(changed["from"])
            item = db.session.scalars(select(Item).where(*named)).one()
            text = ItemFacts(
                title=changed["to"],
                kind=item.kind,
                points=item.points,
                assignee_id=item.assignee_id,
                description=item.description,
            )
            edit_item(actor, project, ItemAtVersion(item, item.version), text)
