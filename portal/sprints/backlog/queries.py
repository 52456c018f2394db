"""Queries on single items, iterations and events. Lists are in `item_list_queries`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.sprints.backlog import policy
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import (
    Item,
    ItemEvent,
    ItemEventKind,
    Iteration,
    Snapshot,
    SnapshotItem,
    SnapshotMoment,
)

HISTORY_MAX = 200
# What people do to items of a sprint in progress, beside planning it.
WORK_KINDS = (
    ItemEventKind.STARTED,
    ItemEventKind.PUT_BACK,
    ItemEventKind.BLOCKED,
    ItemEventKind.UNBLOCKED,
    ItemEventKind.FINISHED,
    ItemEventKind.REOPENED,
)


@dataclass(frozen=True)
class ItemEventWithPrevious:
    """An event of an item, and the event before it (None for the first one)."""

    event: ItemEvent
    before: ItemEvent | None
    who: str
    assignee: str | None
    sprint: int | None  # the number of its sprint after the event


def get_item(actor: Actor, project: Project, number: int) -> Item:
    """Raises `NotFound`."""
    item_by_number = sa.select(Item).where(Item.project_id == project.id, Item.number == number)
    return require_row(db.session.scalar(item_by_number.where(policy.visible_to(actor))))


def get_items(actor: Actor, project: Project, numbers: Sequence[int]) -> Sequence[Item]:
    """These items, in this order. Raises `NotFound` when one is missing."""
    some = sa.select(Item).where(Item.project_id == project.id, Item.number.in_(numbers))
    items_by_number = {item.number: item for item in db.session.scalars(some.where(policy.visible_to(actor)))}
    if items_by_number.keys() != set(numbers):
        raise NotFound
    return [items_by_number[number] for number in dict.fromkeys(numbers)]


def get_iteration(id_: UUID) -> Iteration:
    """The iteration of a sprint that the caller may see."""
    return db.session.scalars(sa.select(Iteration).where(Iteration.id == id_)).one()


def find_iteration(id_: UUID | None) -> Iteration | None:
    """The iteration of an item that the caller may see."""
    return None if id_ is None else get_iteration(id_)


def find_next_planned_iteration(project: Project) -> Iteration | None:
    """The planned iteration of the lowest number."""
    planned = _OPEN_ITERATIONS.where(Iteration.started_at.is_(None)).limit(1)
    return db.session.scalar(planned, {"id": project.id})


def list_open_iterations(project: Project) -> Sequence[Iteration]:
    """The active iteration, then the planned ones."""
    return db.session.scalars(_OPEN_ITERATIONS, {"id": project.id}).all()


_OPEN_ITERATIONS = (
    sa.select(Iteration)
    .where(
        Iteration.project_id == sa.bindparam("id"),
        Iteration.closed_at.is_(None),
        Iteration.withdrawn_at.is_(None),
    )
    .order_by(Iteration.started_at.is_(None), Iteration.number)
)


def find_open_iteration(project: Project, number: int) -> Iteration | None:
    """The open iteration of that number, in a project that the caller may see."""
    matching_iterations = (
        iteration for iteration in list_open_iterations(project) if iteration.number == number
    )
    return next(matching_iterations, None)


def is_in_active_iteration(item: Item) -> bool:
    """Whether an item is in the active sprint."""
    iteration = find_iteration(item.iteration_id)
    return iteration is not None and iteration.is_active


@dataclass(frozen=True)
class BlockedItem:
    """A blocked item in one line."""

    number: int
    title: str
    block_reason: str


def select_blocked_items(limit: int) -> Any:
    """A subquery of `BlockedItem` rows of the project bound as `project`, by rank.

    The caller checks that the actor may see the project.
    """
    blocked = sa.select(Item.number, Item.title, Item.block_reason).where(
        Item.project_id == sa.bindparam("project"), Item.state == ItemState.BLOCKED, Item.gone_at.is_(None)
    )
    return rows_subquery(blocked.order_by(Item.rank).limit(limit), BlockedItem)


@dataclass(frozen=True)
class SprintItem:
    """An item of a sprint in one line; `assignee` is a name, "" for nobody."""

    number: int
    title: str
    points: int | None
    state: ItemState
    block_reason: str
    assignee_id: UUID | None
    assignee: str
    version: int


SPRINT_ITEMS_MAX = 500


def select_sprint_items(sprint_ids: sa.Select[tuple[UUID]]) -> Any:
    """A subquery of `SprintItem` rows of the sprints that `sprint_ids` selects, by rank.

    The caller checks that the actor may see their project.
    """
    items = (
        sa.select(
            Item.number,
            Item.title,
            Item.points,
            Item.state,
            Item.block_reason,
            Item.assignee_id,
            sa.func.coalesce(Person.name, ""),
            Item.version,
        )
        .outerjoin(Person, Person.id == Item.assignee_id)
        .where(Item.iteration_id.in_(sprint_ids), Item.gone_at.is_(None))
    )
    return rows_subquery(items.order_by(Item.rank, Item.id).limit(SPRINT_ITEMS_MAX), SprintItem)


def count_sprint_items(sprint_id: Any) -> Any:
    """A subquery: how many items are in the sprint of an outer statement, by the column of its id."""
    items = sa.select(sa.func.count()).select_from(Item)
    in_sprint = items.where(Item.iteration_id == sprint_id, Item.gone_at.is_(None))
    return in_sprint.correlate(sprint_id.table).scalar_subquery()


def list_open_items(iteration_id: UUID) -> Sequence[Item]:
    """The items of a sprint that are neither done nor dropped, by rank."""
    items = sa.select(Item).where(
        Item.iteration_id == iteration_id, Item.gone_at.is_(None), Item.state != ItemState.DONE
    )
    return db.session.scalars(items.order_by(Item.rank, Item.id)).all()


def current_snapshot_condition(
    snapshot: Any, iteration: Any, moment: SnapshotMoment
) -> sa.ColumnElement[bool]:
    """Condition: the snapshot of the start or of the close of an iteration that counts. One that was
    undone was taken at another moment."""
    taken_at = iteration.started_at if moment is SnapshotMoment.START else iteration.closed_at
    same = snapshot.iteration_id == iteration.id, snapshot.moment == moment
    return sa.and_(*same, snapshot.created_at == taken_at)


def has_item_state_changed_since(iteration_id: UUID, at: datetime) -> bool:
    """Whether the state of an item of this iteration changed since a moment."""
    work = sa.exists().where(
        ItemEvent.iteration_id == iteration_id, ItemEvent.created_at >= at, ItemEvent.kind.in_(WORK_KINDS)
    )
    return bool(db.session.scalar(sa.select(work)))


def list_spilled_items(iteration_id: UUID) -> Sequence[tuple[Item, ItemState]]:
    """The items that the close of an iteration moved, with the state that they had, by rank."""
    rows = db.session.execute(
        sa.select(Item, SnapshotItem.state)
        .join(SnapshotItem, SnapshotItem.item_id == Item.id)
        .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
        .join(Iteration, current_snapshot_condition(Snapshot, Iteration, SnapshotMoment.CLOSE))
        .where(Iteration.id == iteration_id, SnapshotItem.spill.is_not(None))
        .order_by(Item.rank, Item.id)
    )
    return [(item, state) for item, state in rows]


def get_close_event_number(iteration_id: UUID) -> int:
    """The number of the project's last event before the close of an iteration."""
    statement = sa.select(Snapshot.event_number).join(
        Iteration, current_snapshot_condition(Snapshot, Iteration, SnapshotMoment.CLOSE)
    )
    return db.session.scalar(statement.where(Iteration.id == iteration_id)) or 0


def have_items_changed_since(items: Iterable[Item], number: int) -> bool:
    """Whether one of these items has an event after the `number`-th of its project."""
    later = sa.exists().where(ItemEvent.item_id.in_([item.id for item in items]), ItemEvent.number > number)
    return bool(db.session.scalar(sa.select(later)))


def count_items_by_state(project_id: UUID) -> dict[ItemState, int]:
    """The number of a project's items by state, without dropped ones."""
    rows = fetch_rows(_COUNT_BY_STATE, {"project": project_id})
    return dict.fromkeys(ItemState, 0) | {row[0]: row[1] for row in rows}


_COUNT_BY_STATE = PreparedStatement(
    sa.select(Item.state, sa.func.count())
    .where(Item.project_id == sa.bindparam("project"), Item.gone_at.is_(None))
    .group_by(Item.state)
)


def get_last_event_number(project_id: UUID, session: Session | None = None) -> int:
    """The number of a project's last event in a session (default: the request's); 0 without any."""
    last = sa.select(sa.func.max(ItemEvent.number)).where(ItemEvent.project_id == project_id)
    return (session or db.session).scalar(last) or 0


def get_last_item_number(project: Project) -> int:
    """The highest number of an item; 0 without items."""
    last = sa.select(sa.func.max(Item.number)).where(Item.project_id == project.id)
    return db.session.scalar(last) or 0


def list_item_changes(item: Item) -> Sequence[ItemEventWithPrevious]:
    """The events of an item that the caller may see, the latest first."""
    rows = db.session.execute(_SELECT_CHANGES, {"item": item.id}).all()
    events = [row[0] for row in rows]
    previous: list[ItemEvent | None] = [*events[1:], None][: len(events)]
    return [
        ItemEventWithPrevious(event, before, who or "", assignee, sprint)
        for (event, who, assignee, sprint), before in zip(rows, previous, strict=True)
    ]


def map_latest_events_with_authors_by_item(
    items: Iterable[Item],
) -> Mapping[UUID, tuple[ItemEventKind, str, datetime]]:
    """The latest event by item id: kind, name of the person, time."""
    ids = [item.id for item in items]
    last = sa.select(sa.func.max(ItemEvent.number)).where(ItemEvent.item_id.in_(ids))
    rows = db.session.execute(
        sa.select(ItemEvent.item_id, ItemEvent.kind, Person.name, ItemEvent.created_at)
        .outerjoin(Person, Person.id == ItemEvent.actor_id)
        .where(ItemEvent.item_id.in_(ids), ItemEvent.number.in_(last.group_by(ItemEvent.item_id)))
    )
    return {id_: (kind, who or "", at) for id_, kind, who, at in rows}


_assignee = aliased(Person)
_SELECT_CHANGES = (
    sa.select(ItemEvent, Person.name, _assignee.name, Iteration.number)
    .outerjoin(Person, Person.id == ItemEvent.actor_id)
    .outerjoin(_assignee, _assignee.id == ItemEvent.assignee_id)
    .outerjoin(Iteration, Iteration.id == ItemEvent.iteration_id)
    .where(ItemEvent.item_id == sa.bindparam("item"))
    .order_by(ItemEvent.number.desc())
    .limit(HISTORY_MAX)
)
