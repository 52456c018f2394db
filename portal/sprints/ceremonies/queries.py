"""Reading demonstrations, retrospectives and actions. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    ListPage,
    get_by_number,
    query_parameters,
    select_bound,
    select_in_project,
)
from portal.sprints.backlog.models import Item
from portal.sprints.ceremonies import policy
from portal.sprints.ceremonies.models import (
    IN_TEAM,
    OUTSIDE,
    Demonstration,
    RetroAction,
    Retrospective,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint


@dataclass(frozen=True)
class DemonstrationDetail:
    """A demonstration, the sprint whose work it showed, and the number of the version shown."""

    demonstration: Demonstration
    sprint: Sprint
    version: int | None


@dataclass(frozen=True)
class RetroActionDetail:
    """An action as people speak of it.

    `sprint` is the number of the one it comes from, `sprints_open` how many later ones were closed
    since; `item` is what it became in the backlog.
    """

    action: RetroAction
    owner: str
    has_owner_left: bool
    sprint: int
    sprints_open: int
    settled_by: str | None
    item: Item | None


@dataclass(frozen=True)
class DemonstrationSummary:
    """A demonstration in a line: who came, and the number of the version shown."""

    number: int
    held_on: date
    in_team: int
    outside: int
    version: int | None


@dataclass(frozen=True)
class SprintCeremonies:
    """What a sprint's own page says: its demonstrations; `actions` of its retrospective."""

    demonstrations: Sequence[DemonstrationSummary]
    is_written: int
    actions: int
    still_open: int


def list_demonstrations(
    actor: Actor, project: Project, page: int = 1
) -> ListPage[DemonstrationDetail]:
    """The latest first."""
    project_demonstrations = select_in_project(actor, Demonstration, project)
    count = (
        db.session.scalar(select(func.count()).select_from(project_demonstrations.subquery())) or 0
    )
    page = min(page, max(1, -(-count // PER_PAGE)))
    latest = _select_demonstrations(actor, project).order_by(
        Demonstration.held_on.desc(), Demonstration.number.desc()
    )
    rows = db.session.execute(latest.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return ListPage([DemonstrationDetail(*row) for row in rows], count, page)


def _sum_attendees(names: Sequence[str]) -> ColumnElement[int]:
    return sum((getattr(Demonstration, name) for name in names), literal(0))


_retrospective_count = select(func.count()).where(Retrospective.sprint_id == bindparam("sprint"))
_action_count = _retrospective_count.join_from(RetroAction, Retrospective)
_open_action_count = _action_count.where(RetroAction.settled_at.is_(None))
# Of the sprint that is bound, what makes its `SprintCeremonies`: demonstrations in the order of their
# days; whether there is a retrospective; how many actions it decided, how many are open.
SPRINT_FIGURES = (
    rows_subquery(
        select(
            Demonstration.number,
            Demonstration.held_on,
            _sum_attendees(IN_TEAM).label("in_team"),
            _sum_attendees(OUTSIDE).label("outside"),
            PrototypeVersion.number,
        )
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
        .where(Demonstration.sprint_id == bindparam("sprint"))
        .order_by(Demonstration.held_on, Demonstration.number)
        .limit(PER_PAGE),
        DemonstrationSummary,
    ),
    *(
        figure.scalar_subquery()
        for figure in (_retrospective_count, _action_count, _open_action_count)
    ),
)


def get_demonstration(actor: Actor, project: Project, number: int) -> DemonstrationDetail:
    """Raises `NotFound`."""
    statement = _select_demonstrations(actor, project).where(Demonstration.number == number)
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return DemonstrationDetail(*row)


def _select_demonstrations(actor: Actor, project: Project) -> Select[Any]:
    return (
        select_in_project(actor, Demonstration, project)
        .add_columns(Sprint, PrototypeVersion.number)
        .join(Sprint, Sprint.id == Demonstration.sprint_id)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
    )


def list_versions_shown_outside(actor: Actor, project: Project) -> Sequence[PrototypeVersion]:
    """Versions that a closed sprint's demonstration showed to somebody outside the team."""
    was_shown_outside = exists().where(
        Demonstration.prototype_version_id == PrototypeVersion.id,
        sum(getattr(Demonstration, name) for name in OUTSIDE) >= 1,
        Demonstration.sprint_id == Sprint.id,
        Sprint.closed_at.is_not(None),
    )
    versions = select_in_project(actor, PrototypeVersion, project).where(was_shown_outside)
    return db.session.scalars(versions.order_by(PrototypeVersion.number)).all()


def find_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective | None:
    return db.session.scalar(
        select(Retrospective).where(
            Retrospective.sprint_id == sprint.id,
            projects.visible_within(actor, Retrospective.project_id),
            Retrospective.project_id == project.id,
        )
    )


def get_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective:
    retrospective = find_retrospective(actor, project, sprint)
    if retrospective is None:
        raise NotFound
    return retrospective


def get_action(actor: Actor, project: Project, number: int) -> RetroAction:
    return get_by_number(actor, RetroAction, project, number)


def get_action_detail(actor: Actor, project: Project, number: int) -> RetroActionDetail:
    """Raises `NotFound`."""
    details = _load_action_details(
        _ACTIONS.where(RetroAction.number == number), query_parameters(actor, project)
    )
    if not details:
        raise NotFound
    return details[0]


def list_project_actions(
    actor: Actor, project: Project, page: int = 1
) -> ListPage[RetroActionDetail]:
    """Open ones first, the one due first on top; then the settled ones, the latest first."""
    project_actions = select_in_project(actor, RetroAction, project)
    count = db.session.scalar(select(func.count()).select_from(project_actions.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    is_settled = case((RetroAction.settled_at.is_(None), 0), else_=1)
    ordered = _ACTIONS.order_by(
        is_settled, RetroAction.settled_at.desc(), RetroAction.due_on, RetroAction.number
    )
    page_statement = ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return ListPage(
        _load_action_details(page_statement, query_parameters(actor, project)), count, page
    )


def list_actions(
    actor: Actor, project: Project, retrospective: Retrospective
) -> Sequence[RetroActionDetail]:
    """Those that a retrospective decided, in the order in which they were noted."""
    own = _ACTIONS.where(RetroAction.retrospective_id == retrospective.id)
    return _load_action_details(own.order_by(RetroAction.number), query_parameters(actor, project))


def list_earlier_open_actions(
    actor: Actor, project: Project, sprint: Sprint
) -> Sequence[RetroActionDetail]:
    """What is still open from the retrospectives of earlier sprints."""
    earlier = _OPEN_ACTIONS.where(Sprint.starts_on < sprint.starts_on)
    return _load_action_details(earlier.limit(PER_PAGE), query_parameters(actor, project))


@dataclass(frozen=True)
class OpenAction:
    """An action that waits; `sprints_open` counts the sprints closed since its own."""

    number: int
    title: str
    due_on: date
    owner: str
    is_owner_on_team: bool
    sprints_open: int


def select_open_actions(limit: int) -> Any:
    """`OpenAction` of the project that is bound as `project`, the one due first on top: a list for
    a statement of whoever sees the project."""
    owner = aliased(Person)
    still_open = (
        select(
            RetroAction.number,
            RetroAction.what,
            RetroAction.due_on,
            owner.name,
            policy.owner_is_on_team(),
            _count_sprints_since(),
        )
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
        .join(owner, owner.id == RetroAction.owner_id)
        .where(RetroAction.project_id == bindparam("project"), RetroAction.settled_at.is_(None))
        .order_by(RetroAction.due_on, RetroAction.number)
    )
    return rows_subquery(still_open.limit(limit), OpenAction)


def _count_sprints_since() -> Any:
    """How many sprints were closed since the one an action comes from."""
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
        select_bound(RetroAction)
        .add_columns(
            owner.name,
            policy.owner_is_on_team(),
            Sprint.number,
            _count_sprints_since(),
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


def _load_action_details(
    statement: Select[Any], params: Mapping[str, Any]
) -> list[RetroActionDetail]:
    rows = db.session.execute(statement, params)
    return [
        RetroActionDetail(action, owner, not on_team, sprint, since, settler, item)
        for action, owner, on_team, sprint, since, settler, item in rows
    ]


def get_retrospective_day(action: RetroAction) -> date:
    """The day of the retrospective that decided it. The caller may see the action."""
    of = select(Retrospective.held_on).where(Retrospective.id == action.retrospective_id)
    return db.session.scalars(of).one()


def find_backlog_item(action: RetroAction) -> Item | None:
    """What it became in the backlog. The caller may see the action."""
    if action.item_id is None:
        return None
    return db.session.scalar(select(Item).where(Item.id == action.item_id))


def list_action_ids(retrospective: Retrospective) -> Sequence[UUID]:
    """Of a retrospective that the caller may see."""
    own = select(RetroAction.id).where(RetroAction.retrospective_id == retrospective.id)
    return db.session.scalars(own).all()
