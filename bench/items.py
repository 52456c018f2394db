"""The backlogs of some teams: forty items to a sprint, what happened to them, and the snapshots."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from portal.collaboration.discussions.models import Discussion
from portal.platform.kernel.database import Base
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import (
    Item,
    ItemEvent,
    ItemEventKind,
    ItemKind,
    Iteration,
    Snapshot,
    SnapshotItem,
    SnapshotMoment,
)
from portal.sprints.backlog.rank_rules import GAP

PER_SPRINT = 40
DONE_BY_CLOSE = 34  # of them
ALSO_DONE = 20  # of the sprint in progress


class Writes(Protocol):
    def add(self, model: type[Base], **values: Any) -> UUID: ...


class Backlog:
    """One team's items, told sprint by sprint in the order of their events."""

    def __init__(self, write: Writes, scope: UUID, slug: str, people: Sequence[UUID]) -> None:
        self.write, self.scope, self.slug, self.people = write, scope, slug, people
        self.items = self.events = self.done = 0

    def sprint(self, id_: UUID, number: int, starts: datetime, closed_at: datetime | None) -> None:
        self.write.add(
            Iteration, id=id_, project_id=self.scope, number=number, started_at=starts,
            closed_at=closed_at,
        )  # fmt: skip
        items = [self._item(id_, starts, closed_at, n) for n in range(PER_SPRINT)]
        self._snapshot(id_, SnapshotMoment.START, items, 0)
        finished = DONE_BY_CLOSE if closed_at else ALSO_DONE
        for n, item in enumerate(items[:finished]):
            for deed, state, hours in (
                (ItemEventKind.STARTED, ItemState.DOING, 20 + n * 4),
                (ItemEventKind.FINISHED, ItemState.DONE, 24 + n * 5),
            ):
                self._event(item, id_, deed, state, starts + timedelta(hours=hours))
        self.done += finished
        if closed_at:
            self._snapshot(id_, SnapshotMoment.CLOSE, items, finished)

    def _item(self, sprint: UUID, starts: datetime, closed_at: datetime | None, n: int) -> UUID:
        self.items += 1
        number = self.items
        done = n < (DONE_BY_CLOSE if closed_at else ALSO_DONE)
        title = f"Éprouver la lecture des demandes, pas {number}"
        page = f"/projects/{self.slug}/backlog/{number}"
        item = self.write.add(
            Item, project_id=self.scope, number=number, iteration_id=sprint, version=3,
            discussion_id=self.write.add(Discussion, scope_id=self.scope, page=page),
            rank=number * GAP, title=title, title_fold=title.lower(), kind=list(ItemKind)[n % 6],
            points=n % 8, description="", assignee_id=self.people[n % len(self.people)],
            state=ItemState.DONE if done else ItemState.TO_DO, block_reason="",
            started_at=starts if done else None,
            done_at=starts + timedelta(hours=24 + n * 5) if done else None,
        )  # fmt: skip
        self._event(item, sprint, ItemEventKind.ADDED, ItemState.TO_DO, starts - timedelta(hours=1))
        return item

    def _event(self, item: UUID, sprint: UUID, deed: ItemEventKind, state: ItemState, at: datetime) -> None:
        self.events += 1
        self.write.add(
            ItemEvent, created_at=at, project_id=self.scope, number=self.events, item_id=item,
            kind=deed, iteration_id=sprint, state=state, points=3, is_dropped=False, title="pas",
            reason="",
        )  # fmt: skip

    def _snapshot(self, sprint: UUID, moment: SnapshotMoment, items: Sequence[UUID], done: int) -> None:
        kept = self.write.add(
            Snapshot, iteration_id=sprint, moment=moment, event_number=self.events,
            items=len(items), points=3 * len(items), done_items=done, done_points=3 * done,
            finished_items=done, finished_points=3 * done, cycle_days=4.5 if done else None,
            to_do=self.items - self.done, doing=0, blocked=0, done=self.done,
        )  # fmt: skip
        for n, item in enumerate(items):
            state = ItemState.DONE if n < done else ItemState.TO_DO
            self.write.add(
                SnapshotItem, snapshot_id=kept, item_id=item, title="pas", points=3, state=state,
                spill=None,
            )  # fmt: skip
