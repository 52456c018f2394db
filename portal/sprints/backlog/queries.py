"""Reading items, one by one. Lists are in `listing`. Whatever comes back, the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.sprints.backlog import policy
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind, Iteration

HISTORY_MAX = 200


@dataclass(frozen=True)
class ItemChange:
    """An event of an item, and how the item stood right before it (None: it was not there)."""

    event: ItemEvent
    before: ItemEvent | None
    who: str
    assignee: str | None
    sprint: int | None  # the number of the sprint it then stood in


def get_item(actor: Actor, project: Project, number: int) -> Item:
    item_by_number = sa.select(Item).where(Item.project_id == project.id, Item.number == number)
    item = db.session.scalar(item_by_number.where(policy.visible_to(actor)))
    if item is None:
        raise NotFound
    return item


def get_items(actor: Actor, project: Project, numbers: Sequence[int]) -> Sequence[Item]:
    """All of these, in this order. Raises `NotFound` when one of them is not there."""
    some = sa.select(Item).where(Item.project_id == project.id, Item.number.in_(numbers))
    items_by_number = {
        item.number: item for item in db.session.scalars(some.where(policy.visible_to(actor)))
    }
    if items_by_number.keys() != set(numbers):
        raise NotFound
    return [items_by_number[number] for number in dict.fromkeys(numbers)]


def get_iteration(id_: UUID) -> Iteration:
    """That of a sprint which the caller was already allowed to see."""
    return db.session.scalars(sa.select(Iteration).where(Iteration.id == id_)).one()


def find_iteration(id_: UUID | None) -> Iteration | None:
    """Where an item stands that the caller was already allowed to see."""
    return None if id_ is None else get_iteration(id_)


def find_active_iteration(project: Project) -> Iteration | None:
    return db.session.scalar(
        _OPEN_ITERATIONS.where(Iteration.started_at.is_not(None)), {"id": project.id}
    )


def find_next_planned_iteration(project: Project) -> Iteration | None:
    """The planned sprint of the lowest number."""
    planned = _OPEN_ITERATIONS.where(Iteration.started_at.is_(None)).limit(1)
    return db.session.scalar(planned, {"id": project.id})


def list_open_iterations(project: Project) -> Sequence[Iteration]:
    """Where items may be put: the active sprint, then the planned ones."""
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
    """The open sprint of that number, in a project that the caller was allowed to see."""
    matching_iterations = (
        iteration for iteration in list_open_iterations(project) if iteration.number == number
    )
    return next(matching_iterations, None)


def is_in_active_iteration(item: Item) -> bool:
    """Whether an item stands in the active sprint."""
    home = find_iteration(item.iteration_id)
    return home is not None and home.is_active


@dataclass(frozen=True)
class BlockedItem:
    """An item that waits for something."""

    number: int
    title: str
    block_reason: str


def select_blocked_items(limit: int) -> Any:
    """`BlockedItem` of the project that is bound as `project`, in the order of its backlog: a list for
    a statement of whoever sees the project."""
    blocked = sa.select(Item.number, Item.title, Item.block_reason).where(
        Item.project_id == sa.bindparam("project"),
        Item.state == ItemState.BLOCKED,
        Item.gone_at.is_(None),
    )
    return rows_subquery(blocked.order_by(Item.rank).limit(limit), BlockedItem)


def list_open_items(iteration_id: UUID) -> Sequence[Item]:
    """What a sprint has still to do, in order; the caller was already allowed to see it."""
    items = sa.select(Item).where(
        Item.iteration_id == iteration_id, Item.gone_at.is_(None), Item.state != ItemState.DONE
    )
    return db.session.scalars(items.order_by(Item.rank, Item.id)).all()


def get_last_item_number(project: Project) -> int:
    last = sa.select(sa.func.max(Item.number)).where(Item.project_id == project.id)
    return db.session.scalar(last) or 0


def list_changes(item: Item) -> Sequence[ItemChange]:
    """What happened to an item that the caller may see, the latest first."""
    rows = db.session.execute(_SELECT_CHANGES, {"item": item.id}).all()
    events = [row[0] for row in rows]
    befores: list[ItemEvent | None] = [*events[1:], None][: len(events)]
    return [
        ItemChange(event, before, who or "", assignee, sprint)
        for (event, who, assignee, sprint), before in zip(rows, befores, strict=True)
    ]


def find_latest_events(items: Iterable[Item]) -> Mapping[UUID, tuple[ItemEventKind, str, datetime]]:
    """The last thing that happened to each item: what, by whom, when."""
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
