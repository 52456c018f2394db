"""The imports of the demonstration: a backlog from another tool, and that tool's next export.

Each goes the way of any file, the worker's part included, so it is done once all else is told and
committed: today. The second one waits for a decision, for a day, as any file does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from portal.backlog.commands import ItemText, edit_item
from portal.backlog.journal import Seen
from portal.backlog.models import Item
from portal.demo.teller import Telling
from portal.exchange import commands, jobs
from portal.exchange.commands import Upload
from portal.exchange.models import BacklogImport
from portal.exchange.queries import get_import
from portal.exchange.reading import Intake, read_layout
from portal.kernel.access import Actor
from portal.kernel.db import db, transaction
from portal.kernel.text import fold, in_language
from portal.projects.models import Project
from portal.projects.queries import get_project


class Imports:
    """What one team brings in from the tool of whoever writes its code."""

    def __init__(self, slug: str, member: Callable[[], Actor]) -> None:
        self.slug = slug
        self.member = member

    def tell(self, given: Telling) -> None:
        told = given.get("imported")
        if not told:
            return
        with in_language("fr"):
            self._confirm(self._bring(told["first"]))
            self._change_here(told["changed_here"])
            self._bring(told["then"])

    def _open(self) -> tuple[Actor, Project]:
        actor = self.member()
        return actor, get_project(actor, self.slug)

    def _bring(self, text: str) -> Any:
        intake = Intake()
        intake.take(text.encode())
        content, encoding = intake.finish()
        layout = read_layout(content, encoding)
        with transaction():
            name = "detecteur_issues.csv"
            upload = Upload(name=name, size=intake.size, content=content, layout=layout, home="")
            made = commands.stage_file(*self._open(), upload).id
        jobs.run_due()
        return made

    def _confirm(self, made: Any) -> None:
        with transaction():
            actor, project = self._open()
            imported: BacklogImport = get_import(actor, project, made)
            commands.confirm(actor, project, imported, imported.round)
        jobs.run_due()

    def _change_here(self, changed: Mapping[str, str]) -> None:
        """What somebody of the team wrote here, between the two files."""
        with transaction():
            actor, project = self._open()
            named = Item.project_id == project.id, Item.title_fold == fold(changed["from"])
            item = db.session.scalars(select(Item).where(*named)).one()
            text = ItemText(
                title=changed["to"],
                kind=item.kind,
                points=item.points,
                assignee_id=item.assignee_id,
                description=item.description,
            )
            edit_item(actor, project, Seen(item, item.version), text)
