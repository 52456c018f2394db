"""Bulk insert of items, with the same events as items added one by one.

For imports. The caller has checked the permission and opened the journal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.discussions.commands import create_discussions
from portal.platform.kernel.database import execute_write, fetch_rows
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import fold
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.sprints.backlog import queries, rank_rules
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemEventJournal
from portal.sprints.backlog.models import NUMBER_MAX, Item, ItemEvent, ItemEventKind, ItemKind

_EVENT_KINDS = {ItemState.BLOCKED: ItemEventKind.BLOCKED, ItemState.DONE: ItemEventKind.FINISHED}


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to insert, outside of any sprint: to do, blocked (with `reason`), or done."""

    title: str
    kind: ItemKind = ItemKind.STORY
    points: int | None = None
    assignee_id: UUID | None = None  # a team member
    description: str = ""
    state: ItemState = ItemState.TO_DO
    reason: str = ""


class BulkItemWriter:
    """Inserts items at the end of a project's backlog, in batches."""

    def __init__(self, journal: ItemEventJournal, project: Project) -> None:
        self._journal, self._project = journal, project
        self._number = queries.get_last_item_number(project)
        last = fetch_rows(_LAST_RANK, {"project": project.id})[0][0]
        self._ranks = _iterate_ranks_after(last)

    def add_items(self, new_items: Sequence[NewItem]) -> Sequence[UUID]:
        """Insert items and return their ids, in order. Raises `RuleBroken` beyond `NUMBER_MAX`."""
        if self._number + len(new_items) > NUMBER_MAX:
            raise RuleBroken(None, _("Ce projet a atteint %(n)s éléments.", n=NUMBER_MAX))
        first = self._number + 1
        self._number += len(new_items)
        pages = [
            f"/projects/{self._project.slug}/backlog/{number}" for number in range(first, self._number + 1)
        ]
        discussion_ids = create_discussions(self._project.id, pages)
        items = [
            self._build_item_values(number, discussion_id, new_item)
            for number, discussion_id, new_item in zip(
                range(first, self._number + 1), discussion_ids, new_items, strict=True
            )
        ]
        execute_write(_INSERT_ITEMS, items)
        execute_write(_INSERT_EVENTS, [event for item in items for event in self._iterate_event_rows(item)])
        return [item["id"] for item in items]

    def _build_item_values(self, number: int, discussion_id: UUID, new_item: NewItem) -> dict[str, Any]:
        begun = new_item.state is not ItemState.TO_DO
        return {
            "id": new_id(),
            "created_at": self._journal.at,
            "version": 1,
            "project_id": self._project.id,
            "number": number,
            "discussion_id": discussion_id,
            "rank": next(self._ranks),
            "title": new_item.title,
            "title_fold": fold(new_item.title),
            "kind": new_item.kind,
            "points": new_item.points,
            "description": new_item.description,
            "assignee_id": new_item.assignee_id,
            "state": new_item.state,
            "block_reason": new_item.reason if new_item.state is ItemState.BLOCKED else "",
            "started_at": self._journal.at if begun else None,
            "done_at": self._journal.at if new_item.state is ItemState.DONE else None,
        }

    def _iterate_event_rows(self, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The event of its addition as to do, then that of its state, if any."""
        yield self._build_event_values(item, ItemEventKind.ADDED, ItemState.TO_DO, "")
        if item["state"] in _EVENT_KINDS:
            yield self._build_event_values(
                item, _EVENT_KINDS[item["state"]], item["state"], item["block_reason"]
            )

    def _build_event_values(
        self, item: dict[str, Any], kind: ItemEventKind, state: ItemState, reason: str
    ) -> dict[str, Any]:
        self._journal.last += 1
        return {
            "id": new_id(),
            "created_at": self._journal.at,
            "project_id": self._project.id,
            "number": self._journal.last,
            "item_id": item["id"],
            "actor_id": self._journal.actor.person_id,
            "kind": kind,
            "state": state,
            "points": item["points"],
            "is_dropped": False,
            "title": item["title"],
            "reason": reason,
        }


def _iterate_ranks_after(last: int | None) -> Iterator[int]:
    rank = 0 if last is None else last + rank_rules.GAP
    while True:
        yield rank
        rank += rank_rules.GAP


_LAST_RANK = sa.select(sa.func.max(Item.rank)).where(Item.project_id == sa.bindparam("project"))
_INSERT_ITEMS = sa.insert(Item)
_INSERT_EVENTS = sa.insert(ItemEvent)
