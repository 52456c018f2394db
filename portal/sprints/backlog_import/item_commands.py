"""Write a confirmed import, all or nothing, in the current transaction.

Items get the same events as typed ones; the audit trail gets one line for all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, execute_write, flush_session
from portal.platform.kernel.errors import Conflict
from portal.platform.kernel.text import fold
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.queries import map_team_names_by_person
from portal.sprints.backlog.bulk_commands import BulkItemWriter, NewItem
from portal.sprints.backlog.commands import require_team_and_still_allowed
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemEventJournal
from portal.sprints.backlog.models import Item, ItemEventKind, ItemKind
from portal.sprints.backlog.state_commands import change_item_state_unaudited
from portal.sprints.backlog_import import policy
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome, ItemLocation, find_allowed_state
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ImportStage, ItemSource
from portal.sprints.backlog_import.queries import parse_own_item_number
from portal.sprints.backlog_import.tool_rules import Tool

IMPORTED = audit.Action("backlog.imported", _l("a importé des éléments dans le carnet (%(name)s)"))

TOOL_NAMES: dict[Tool, str] = {
    Tool.PORTAL: "CSV",
    Tool.GITLAB: "GitLab",
    Tool.GITHUB: "GitHub",
    Tool.JIRA: "Jira",
    Tool.TRELLO: "Trello",
    Tool.OTHER: "CSV",
}
BATCH = 500  # lines in memory
_TEXT_FIELDS = ("title", "kind", "points", "description")


def write_import(actor: Actor, project: Project, imported: BacklogImport) -> None:
    """Raises `NotAllowed`, `TooLate`, and `Conflict` when the backlog changed since compared."""
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    journal = ItemEventJournal(actor, project)
    if journal.last != imported.event_number:
        raise Conflict
    writer = _ImportWriter(journal, project, imported)
    for lines in _iterate_line_batches(imported.id):
        writer.write(lines)
    audit.record(
        actor,
        IMPORTED,
        project,
        scope_id=project.id,
        facts={"name": TOOL_NAMES[imported.tool]},
        changes={"added": (None, writer.added), "changed": (None, writer.changed)},
    )
    imported.counts = {
        ImportLineOutcome.NEW.value: writer.added,
        ImportLineOutcome.CHANGED.value: writer.changed,
    }
    imported.stage, imported.leased_until, imported.content = ImportStage.WRITTEN, None, b""
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id == imported.id))


def _iterate_line_batches(import_id: UUID) -> Iterator[Sequence[ImportLine]]:
    last = -1
    while True:
        lines = db.session.scalars(_NEXT_LINES, {"import": import_id, "after": last}).all()
        if not lines:
            return
        last = lines[-1].position
        yield lines


class _ImportWriter:
    def __init__(self, journal: ItemEventJournal, project: Project, imported: BacklogImport) -> None:
        self._journal, self._imported = journal, imported
        self._item_writer = BulkItemWriter(journal, project)
        self._team = map_team_names_by_person(project)
        self.added = self.changed = 0

    def write(self, lines: Sequence[ImportLine]) -> None:
        new = [line for line in lines if line.outcome is ImportLineOutcome.NEW]
        if new:
            self._add_items(new)
        lines_by_item = {line.item_id: line for line in lines if line.item_id is not None}
        self._change_items(
            [line for line in lines_by_item.values() if line.outcome is ImportLineOutcome.CHANGED]
        )
        self._update_sources(lines_by_item)

    def _add_items(self, lines: Sequence[ImportLine]) -> None:
        ids = self._item_writer.add_items([self._build_new_item(line) for line in lines])
        self.added += len(ids)
        pairs = zip(ids, lines, strict=True)
        execute_write(_INSERT_SOURCES, [self._build_source_values(id_, line) for id_, line in pairs])

    def _build_new_item(self, line: ImportLine) -> NewItem:
        values = line.values
        state = ItemState(
            find_allowed_state(ItemLocation.BACKLOG, values.get("state", ItemState.TO_DO), ItemState.TO_DO)
        )
        return NewItem(
            title=values["title"],
            kind=ItemKind(values.get("kind", ItemKind.STORY)),
            points=values.get("points"),
            assignee_id=self._parse_assignee(values),
            description=values.get("description", ""),
            state=state,
            reason=self._find_block_reason(line) if state is ItemState.BLOCKED else "",
        )

    def _find_block_reason(self, line: ImportLine) -> str:
        """The reason in the file, or a default that names the tool."""
        return line.reason or _("Bloqué dans %(tool)s.", tool=TOOL_NAMES[self._imported.tool])

    def _change_items(self, lines: Sequence[ImportLine]) -> None:
        lines_by_item = {line.item_id: line for line in lines}
        items = db.session.scalars(sa.select(Item).where(Item.id.in_(list(lines_by_item)))).all()
        edited, moved = [], []
        for item in items:
            line = lines_by_item[item.id]
            new_values = {
                change["field"]: change["file"]
                for change in line.changes
                if not change["mine"] or change["field"] in line.takes
            }
            if self._edit_item(item, new_values):
                edited.append(item)
            if "state" in new_values:
                moved.append((item, ItemState(new_values["state"]), self._find_block_reason(line)))
            self.changed += bool(new_values)
        self._journal.add_events(ItemEventKind.EDITED, edited)
        for item, state, reason in moved:
            change_item_state_unaudited(self._journal, item, state, reason)
        flush_session()  # frees the memory of the batch: the session references flushed rows weakly

    def _parse_assignee(self, values: Mapping[str, Any]) -> UUID | None:
        """The assignee in the file; None once they left the team."""
        id_ = UUID(values["assignee"]) if values.get("assignee") else None
        return id_ if id_ in self._team else None

    def _edit_item(self, item: Item, new_values: dict[str, Any]) -> bool:
        texts = {name: new_values[name] for name in _TEXT_FIELDS if name in new_values}
        for name, value in texts.items():
            setattr(item, name, ItemKind(value) if name == "kind" else value)
        item.title_fold = fold(item.title)
        if "assignee" in new_values:
            item.assignee_id = self._parse_assignee(new_values)
        return bool(texts) or "assignee" in new_values

    def _update_sources(self, lines_by_item: dict[UUID, ImportLine]) -> None:
        """Save the values of the file as the base of the next comparison."""
        updates = [
            {"item": id_, "ref": line.ref, "key": line.key, "imported_values": line.values}
            for id_, line in lines_by_item.items()
            if parse_own_item_number(self._imported, line.ref) is None
            and line.outcome is not ImportLineOutcome.ASIDE
        ]
        if updates:
            execute_write(_UPDATE_SOURCES, [update | {"at": clock.now()} for update in updates])

    def _build_source_values(self, item_id: UUID, line: ImportLine) -> dict[str, Any]:
        return {
            "item_id": item_id,
            "project_id": self._imported.project_id,
            "tool": self._imported.tool,
            "ref": line.ref,
            "key": line.key,
            "imported_values": line.values,
            "imported_at": clock.now(),
        }


_NEXT_LINES = (
    sa.select(ImportLine)
    .where(ImportLine.import_id == sa.bindparam("import"), ImportLine.position > sa.bindparam("after"))
    .order_by(ImportLine.position)
    .limit(BATCH)
)
_INSERT_SOURCES = sa.insert(ItemSource)
_UPDATE_SOURCES = (
    sa.update(ItemSource)
    .where(ItemSource.item_id == sa.bindparam("item"))
    .values(
        ref=sa.bindparam("ref"),
        key=sa.bindparam("key"),
        imported_values=sa.bindparam("imported_values"),
        imported_at=sa.bindparam("at"),
    )
)
