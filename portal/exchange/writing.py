"""Writing a confirmed import: all of it or nothing, in the transaction under way.

Each item has its events as if somebody had typed it; the trail has one line for all.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.backlog.bulk import Bringer, Brought
from portal.backlog.commands import require_in_time
from portal.backlog.flow import State
from portal.backlog.journal import Journal
from portal.backlog.models import Deed, Item, Kind
from portal.backlog.states import change_state
from portal.exchange import policy
from portal.exchange.comparison import Outcome, Place, state_at
from portal.exchange.models import BacklogImport, ImportLine, ItemSource, Stage
from portal.exchange.queries import own_number
from portal.exchange.tools import Tool
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import db, save, write
from portal.kernel.errors import Conflict
from portal.kernel.text import fold
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.queries import name_team

IMPORTED = audit.Action("backlog.imported", _l("a importé des éléments dans le carnet (%(name)s)"))

TOOLS: dict[Tool, str] = {
    Tool.PORTAL: "CSV",
    Tool.GITLAB: "GitLab",
    Tool.GITHUB: "GitHub",
    Tool.JIRA: "Jira",
    Tool.TRELLO: "Trello",
    Tool.OTHER: "CSV",
}
BATCH = 500  # lines held at once
_TEXTS = ("title", "kind", "points", "description")


def write_import(actor: Actor, project: Project, imported: BacklogImport) -> None:
    """Raises `Conflict` when the backlog changed since the comparison: nothing is written then."""
    require_in_time(actor, project, policy.can_import(actor, project), "")
    journal = Journal(actor, project)
    if journal.last != imported.event_number:
        raise Conflict
    writer = _Writer(journal, project, imported)
    for lines in _in_batches(imported.id):
        writer.write(lines)
    audit.record(
        actor,
        IMPORTED,
        project,
        scope_id=project.id,
        facts={"name": TOOLS[imported.tool]},
        changes={"added": (None, writer.added), "changed": (None, writer.changed)},
    )
    imported.counts = {Outcome.NEW.value: writer.added, Outcome.CHANGED.value: writer.changed}
    imported.stage, imported.leased_until, imported.content = Stage.DONE, None, b""
    db.session.execute(sa.delete(ImportLine).where(ImportLine.import_id == imported.id))


def _in_batches(import_id: UUID) -> Iterator[Sequence[ImportLine]]:
    last = -1
    while True:
        lines = db.session.scalars(_BATCH, {"import": import_id, "after": last}).all()
        if not lines:
            return
        last = lines[-1].position
        yield lines


class _Writer:
    def __init__(self, journal: Journal, project: Project, imported: BacklogImport) -> None:
        self._journal, self._imported = journal, imported
        self._bringer = Bringer(journal, project)
        self._team = name_team(project)
        self.added = self.changed = 0

    def write(self, lines: Sequence[ImportLine]) -> None:
        new = [line for line in lines if line.outcome is Outcome.NEW]
        if new:
            self._add(new)
        met = {line.item_id: line for line in lines if line.item_id is not None}
        self._change([line for line in met.values() if line.outcome is Outcome.CHANGED])
        self._remember(met)

    def _add(self, lines: Sequence[ImportLine]) -> None:
        ids = self._bringer.bring([self._brought(line) for line in lines])
        self.added += len(ids)
        pairs = zip(ids, lines, strict=True)
        write(_SOURCES, [self._source(id_, line) for id_, line in pairs])

    def _brought(self, line: ImportLine) -> Brought:
        said = line.values
        state = State(state_at(Place.BACKLOG, said.get("state", State.TO_DO), State.TO_DO))
        return Brought(
            title=said["title"],
            kind=Kind(said.get("kind", Kind.STORY)),
            points=said.get("points"),
            assignee_id=self._assignee(said),
            description=said.get("description", ""),
            state=state,
            reason=self._reason(line) if state is State.BLOCKED else "",
        )

    def _reason(self, line: ImportLine) -> str:
        """What the file says, or that it says no more."""
        return line.reason or _("Bloqué dans %(tool)s.", tool=TOOLS[self._imported.tool])

    def _change(self, lines: Sequence[ImportLine]) -> None:
        given = {line.item_id: line for line in lines}
        items = db.session.scalars(sa.select(Item).where(Item.id.in_(list(given)))).all()
        edited, moved = [], []
        for item in items:
            line = given[item.id]
            taken = {
                one["field"]: one["file"]
                for one in line.changes
                if not one["mine"] or one["field"] in line.takes
            }
            if self._edit(item, taken):
                edited.append(item)
            if "state" in taken:
                moved.append((item, State(taken["state"]), self._reason(line)))
            self.changed += bool(taken)
        self._journal.write(Deed.EDITED, edited)
        for item, state, reason in moved:
            change_state(self._journal, item, state, reason)
        save()  # a session holds weakly what is written: a batch does not outlive the next

    def _assignee(self, said: Mapping[str, Any]) -> UUID | None:
        """Whom the file names, unless they left the team since the comparison."""
        id_ = UUID(said["assignee"]) if said.get("assignee") else None
        return id_ if id_ in self._team else None

    def _edit(self, item: Item, taken: dict[str, Any]) -> bool:
        texts = {name: taken[name] for name in _TEXTS if name in taken}
        for name, value in texts.items():
            setattr(item, name, Kind(value) if name == "kind" else value)
        item.title_fold = fold(item.title)
        if "assignee" in taken:
            item.assignee_id = self._assignee(taken)
        return bool(texts) or "assignee" in taken

    def _remember(self, met: dict[UUID, ImportLine]) -> None:
        """What the file says now is what the next one is compared with."""
        told = [
            {"item": id_, "ref": line.ref, "key": line.key, "told": line.values}
            for id_, line in met.items()
            if own_number(self._imported, line.ref) is None and line.outcome is not Outcome.ASIDE
        ]
        if told:
            write(_TOLD, [one | {"at": clock.now()} for one in told])

    def _source(self, item_id: UUID, line: ImportLine) -> dict[str, Any]:
        return {
            "item_id": item_id,
            "project_id": self._imported.project_id,
            "tool": self._imported.tool,
            "ref": line.ref,
            "key": line.key,
            "told": line.values,
            "imported_at": clock.now(),
        }


_BATCH = (
    sa.select(ImportLine)
    .where(
        ImportLine.import_id == sa.bindparam("import"), ImportLine.position > sa.bindparam("after")
    )
    .order_by(ImportLine.position)
    .limit(BATCH)
)
_SOURCES = sa.insert(ItemSource)
_TOLD = (
    sa.update(ItemSource)
    .where(ItemSource.item_id == sa.bindparam("item"))
    .values(
        ref=sa.bindparam("ref"),
        key=sa.bindparam("key"),
        told=sa.bindparam("told"),
        imported_at=sa.bindparam("at"),
    )
)
