"""Queries on the actions of retrospectives. They return only what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    ListPage,
    bound_select_parameters,
    get_by_number,
    select_bound_in_project,
    select_in_project,
)
from portal.sprints.backlog.models import Item
from portal.sprints.ceremonies import policy
from portal.sprints.ceremonies.models import RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint


@dataclass(frozen=True)
class RetroActionWithOwner:
    """An action with its owner, its sprint and its item.

    `sprint` is the number of the sprint that decided it, `sprints_open` how many later sprints were
    closed since; `item` is the item of the backlog made from it.
    """

    action: RetroAction
    owner: str
    has_owner_left: bool
    sprint: int
    sprints_open: int
    settled_by: str | None
    item: Item | None


def get_action(actor: Actor, project: Project, number: int) -> RetroAction:
    """Raises `NotFound`."""
    return get_by_number(actor, RetroAction, project, number)


def get_action_detail(actor: Actor, project: Project, number: int) -> RetroActionWithOwner:
    """Raises `NotFound`."""
    details = _load_action_details(
        _ACTIONS.where(RetroAction.number == number), bound_select_parameters(actor, project)
    )
    if not details:
        raise NotFound
    return details[0]


def read_project_actions_page(
    actor: Actor, project: Project, page: int = 1
) -> ListPage[RetroActionWithOwner]:
    """A page of actions: open ones by due date, then settled ones, the latest first."""
    project_actions = select_in_project(actor, RetroAction, project)
    count = db.session.scalar(select(func.count()).select_from(project_actions.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    settled_last = case((RetroAction.settled_at.is_(None), 0), else_=1)
    ordered = _ACTIONS.order_by(
        settled_last, RetroAction.settled_at.desc(), RetroAction.due_on, RetroAction.number
    )
    page_statement = ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return ListPage(
        _load_action_details(page_statement, bound_select_parameters(actor, project)), count, page
    )


def list_retrospective_actions(
    actor: Actor, project: Project, retrospective: Retrospective
) -> Sequence[RetroActionWithOwner]:
    """The actions of a retrospective, by number."""
    own_actions = _ACTIONS.where(RetroAction.retrospective_id == retrospective.id)
    return _load_action_details(
        own_actions.order_by(RetroAction.number), bound_select_parameters(actor, project)
    )


def list_earlier_open_actions(
    actor: Actor, project: Project, sprint: Sprint
) -> Sequence[RetroActionWithOwner]:
    """The open actions of earlier sprints, by due date."""
    earlier = _OPEN_ACTIONS.where(Sprint.starts_on < sprint.starts_on)
    return _load_action_details(earlier.limit(PER_PAGE), bound_select_parameters(actor, project))


@dataclass(frozen=True)
class OpenAction:
    """An open action in one line; `sprints_open` counts the sprints closed since its own."""

    number: int
    title: str
    due_on: date
    owner: str
    is_owner_on_team: bool
    sprints_open: int
    owner_id: UUID


def select_open_actions(limit: int) -> Any:
    """A subquery of `OpenAction` rows of the project bound as `project`, by due date.

    The caller checks that the actor may see the project.
    """
    owner = aliased(Person)
    still_open = (
        select(
            RetroAction.number,
            RetroAction.what,
            RetroAction.due_on,
            owner.name,
            policy.owner_on_team_condition(),
            _select_sprints_since_count(),
            RetroAction.owner_id,
        )
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
        .join(owner, owner.id == RetroAction.owner_id)
        .where(RetroAction.project_id == bindparam("project"), RetroAction.settled_at.is_(None))
        .order_by(RetroAction.due_on, RetroAction.number)
    )
    return rows_subquery(still_open.limit(limit), OpenAction)


def count_sprints_since_by_action(action_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many sprints were closed since the ones that decided these actions, by id. The caller may
    see them."""
    counts = (
        select(RetroAction.id, _select_sprints_since_count())
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
    )
    return dict(map(tuple, db.session.execute(counts.where(RetroAction.id.in_(action_ids)))))


def _select_sprints_since_count() -> Any:
    """A scalar subquery: the number of sprints closed since the one that decided an action."""
    later = aliased(Sprint)
    return (
        select(func.count())
        .select_from(later)
        .where(
            later.project_id == RetroAction.project_id,
            later.closed_at.is_not(None),
            later.starts_on > Sprint.starts_on,
        )
        .correlate(RetroAction, Sprint)
        .scalar_subquery()
    )


def _select_actions() -> Select[Any]:
    owner, settler = aliased(Person), aliased(Person)
    return (
        select_bound_in_project(RetroAction)
        .add_columns(
            owner.name,
            policy.owner_on_team_condition(),
            Sprint.number,
            _select_sprints_since_count(),
            settler.name,
            Item,
        )
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
        .join(owner, owner.id == RetroAction.owner_id)
        .outerjoin(settler, settler.id == RetroAction.settled_by_id)
        .outerjoin(Item, Item.id == RetroAction.item_id)
    )


_ACTIONS = _select_actions()
_OPEN_ACTIONS = _ACTIONS.where(RetroAction.settled_at.is_(None)).order_by(
    RetroAction.due_on, RetroAction.number
)


def _load_action_details(statement: Select[Any], params: Mapping[str, Any]) -> list[RetroActionWithOwner]:
    rows = db.session.execute(statement, params)
    return [
        RetroActionWithOwner(action, owner, not on_team, sprint, since, settler, item)
        for action, owner, on_team, sprint, since, settler, item in rows
    ]


def get_retrospective_day(action: RetroAction) -> date:
    """The day of the retrospective that decided an action which the caller may see."""
    day = select(Retrospective.held_on).where(Retrospective.id == action.retrospective_id)
    return db.session.scalars(day).one()


def find_backlog_item_of_action(action: RetroAction) -> Item | None:
    """The item made from an action that the caller may see."""
    if action.item_id is None:
        return None
    return db.session.scalar(select(Item).where(Item.id == action.item_id))
