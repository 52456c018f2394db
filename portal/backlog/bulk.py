"""Many items written at once, as by hand: an event for each deed, whatever their number.

For whoever brings a whole backlog in. The caller asked who may, and holds the journal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.backlog import queries, ranks
from portal.backlog.flow import State
from portal.backlog.journal import Journal
from portal.backlog.models import NUMBER_MAX, Deed, Item, ItemEvent, Kind
from portal.discussions.commands import open_discussions
from portal.kernel.db import rows, write
from portal.kernel.errors import RuleBroken
from portal.kernel.ids import new_id
from portal.kernel.text import fold
from portal.kernel.text import gettext as _
from portal.projects.models import Project

_DEEDS = {State.BLOCKED: Deed.BLOCKED, State.DONE: Deed.FINISHED}


@dataclass(frozen=True, kw_only=True)
class Brought:
    """An item from elsewhere. It may be to do, blocked with a reason, or done: in no sprint."""

    title: str
    kind: Kind = Kind.STORY
    points: int | None = None
    assignee_id: UUID | None = None  # of the team
    description: str = ""
    state: State = State.TO_DO
    reason: str = ""


class Bringer:
    """Puts items at the end of a project's backlog, some at a time."""

    def __init__(self, journal: Journal, project: Project) -> None:
        self._journal, self._project = journal, project
        self._number = queries.last_item_number(project)
        last = rows(_LAST_RANK, {"project": project.id})[0][0]
        self._ranks = _after(last)

    def bring(self, brought: Sequence[Brought]) -> Sequence[UUID]:
        """Their ids, in this order. Raises `RuleBroken` when the project has no numbers left."""
        if self._number + len(brought) > NUMBER_MAX:
            raise RuleBroken(None, _("Ce projet a atteint %(n)s éléments.", n=NUMBER_MAX))
        first = self._number + 1
        self._number += len(brought)
        pages = [
            f"/projects/{self._project.slug}/backlog/{number}"
            for number in range(first, self._number + 1)
        ]
        talks = open_discussions(self._project.id, pages)
        items = [
            self._item(number, talk, one)
            for number, talk, one in zip(
                range(first, self._number + 1), talks, brought, strict=True
            )
        ]
        write(_ITEMS, items)
        write(_EVENTS, [event for item in items for event in self._events(item)])
        return [item["id"] for item in items]

    def _item(self, number: int, talk: UUID, one: Brought) -> dict[str, Any]:
        begun = one.state is not State.TO_DO
        return {
            "id": new_id(),
            "created_at": self._journal.at,
            "version": 1,
            "project_id": self._project.id,
            "number": number,
            "discussion_id": talk,
            "rank": next(self._ranks),
            "title": one.title,
            "title_fold": fold(one.title),
            "kind": one.kind,
            "points": one.points,
            "description": one.description,
            "assignee_id": one.assignee_id,
            "state": one.state,
            "block_reason": one.reason if one.state is State.BLOCKED else "",
            "started_at": self._journal.at if begun else None,
            "done_at": self._journal.at if one.state is State.DONE else None,
        }

    def _events(self, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """It was added, to do; then it came to its state."""
        yield self._event(item, Deed.ADDED, State.TO_DO, "")
        if item["state"] in _DEEDS:
            yield self._event(item, _DEEDS[item["state"]], item["state"], item["block_reason"])

    def _event(self, item: dict[str, Any], deed: Deed, state: State, why: str) -> dict[str, Any]:
        self._journal.last += 1
        return {
            "id": new_id(),
            "created_at": self._journal.at,
            "project_id": self._project.id,
            "number": self._journal.last,
            "item_id": item["id"],
            "actor_id": self._journal.actor.person_id,
            "deed": deed,
            "state": state,
            "points": item["points"],
            "gone": False,
            "title": item["title"],
            "reason": why,
        }


def _after(last: int | None) -> Iterator[int]:
    rank = 0 if last is None else last + ranks.GAP
    while True:
        yield rank
        rank += ranks.GAP


_LAST_RANK = sa.select(sa.func.max(Item.rank)).where(Item.project_id == sa.bindparam("project"))
_ITEMS = sa.insert(Item)
_EVENTS = sa.insert(ItemEvent)
