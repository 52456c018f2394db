"""Reading demonstrations, retrospectives and actions. Whatever comes back, the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.backlog.models import Item
from portal.ceremonies import policy
from portal.ceremonies.models import IN_TEAM, OUTSIDE, Demonstration, RetroAction, Retrospective
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.lists import rows_of
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, get_one, given, of_project, once
from portal.prototypes.models import PrototypeVersion
from portal.sprints.models import Sprint


@dataclass(frozen=True)
class Shown:
    """A demonstration, the sprint whose work it showed, and the number of the version shown."""

    demonstration: Demonstration
    sprint: Sprint
    version: int | None


@dataclass(frozen=True)
class Told:
    """An action as people speak of it.

    `sprint` is the number of the one it comes from, `open_for` how many later ones were closed
    since; `item` is what it became in the backlog.
    """

    action: RetroAction
    owner: str
    owner_left: bool
    sprint: int
    open_for: int
    settled_by: str | None
    item: Item | None


@dataclass(frozen=True)
class Held:
    """A demonstration in a line: who came, and the number of the version shown."""

    number: int
    held_on: date
    in_team: int
    outside: int
    version: int | None


@dataclass(frozen=True)
class Ceremonies:
    """What a sprint's own page says: its demonstrations; `actions` of its retrospective."""

    held: Sequence[Held]
    is_written: int
    actions: int
    still_open: int


def read_demonstrations(actor: Actor, project: Project, page: int = 1) -> Page[Shown]:
    """The latest first."""
    mine = of_project(actor, Demonstration, project)
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    latest = _shown(actor, project).order_by(
        Demonstration.held_on.desc(), Demonstration.number.desc()
    )
    found = db.session.execute(latest.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return Page([Shown(*row) for row in found], count, page)


def _people(names: Sequence[str]) -> ColumnElement[int]:
    return sum((getattr(Demonstration, name) for name in names), literal(0))


_written = select(func.count()).where(Retrospective.sprint_id == bindparam("sprint"))
_actions = _written.join_from(RetroAction, Retrospective)
_still_open = _actions.where(RetroAction.settled_at.is_(None))
# Of the sprint that is bound, what makes its `Ceremonies`: demonstrations in the order of their
# days; whether there is a retrospective; how many actions it decided, how many are open.
FIGURES = (
    rows_of(
        select(
            Demonstration.number,
            Demonstration.held_on,
            _people(IN_TEAM).label("in_team"),
            _people(OUTSIDE).label("outside"),
            PrototypeVersion.number,
        )
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
        .where(Demonstration.sprint_id == bindparam("sprint"))
        .order_by(Demonstration.held_on, Demonstration.number)
        .limit(PER_PAGE),
        Held,
    ),
    *(one.scalar_subquery() for one in (_written, _actions, _still_open)),
)


def read_demonstration(actor: Actor, project: Project, number: int) -> Shown:
    """Raises `NotFound`."""
    one = _shown(actor, project).where(Demonstration.number == number)
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Shown(*found)


def _shown(actor: Actor, project: Project) -> Select[Any]:
    return (
        of_project(actor, Demonstration, project)
        .add_columns(Sprint, PrototypeVersion.number)
        .join(Sprint, Sprint.id == Demonstration.sprint_id)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
    )


def list_shown_outside(actor: Actor, project: Project) -> Sequence[PrototypeVersion]:
    """Versions that a closed sprint's demonstration showed to somebody outside the team."""
    seen = exists().where(
        Demonstration.prototype_version_id == PrototypeVersion.id,
        sum(getattr(Demonstration, name) for name in OUTSIDE) >= 1,
        Demonstration.sprint_id == Sprint.id,
        Sprint.closed_at.is_not(None),
    )
    mine = of_project(actor, PrototypeVersion, project).where(seen)
    return db.session.scalars(mine.order_by(PrototypeVersion.number)).all()


def find_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective | None:
    return db.session.scalar(
        select(Retrospective).where(
            Retrospective.sprint_id == sprint.id,
            projects.visible_within(actor, Retrospective.project_id),
            Retrospective.project_id == project.id,
        )
    )


def get_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective:
    found = find_retrospective(actor, project, sprint)
    if found is None:
        raise NotFound
    return found


def get_action(actor: Actor, project: Project, number: int) -> RetroAction:
    return get_one(actor, RetroAction, project, number)


def read_action(actor: Actor, project: Project, number: int) -> Told:
    """Raises `NotFound`."""
    found = _tell(_TOLD.where(RetroAction.number == number), given(actor, project))
    if not found:
        raise NotFound
    return found[0]


def read_actions(actor: Actor, project: Project, page: int = 1) -> Page[Told]:
    """Open ones first, the one due first on top; then the settled ones, the latest first."""
    mine = of_project(actor, RetroAction, project)
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    is_settled = case((RetroAction.settled_at.is_(None), 0), else_=1)
    ordered = _TOLD.order_by(
        is_settled, RetroAction.settled_at.desc(), RetroAction.due_on, RetroAction.number
    )
    shown = ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Page(_tell(shown, given(actor, project)), count, page)


def list_actions(actor: Actor, project: Project, retrospective: Retrospective) -> Sequence[Told]:
    """Those that a retrospective decided, in the order in which they were noted."""
    own = _TOLD.where(RetroAction.retrospective_id == retrospective.id)
    return _tell(own.order_by(RetroAction.number), given(actor, project))


def list_earlier(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Told]:
    """What is still open from the retrospectives of earlier sprints."""
    earlier = _STILL_OPEN.where(Sprint.starts_on < sprint.starts_on)
    return _tell(earlier.limit(PER_PAGE), given(actor, project))


@dataclass(frozen=True)
class OpenAction:
    """An action that waits; `open_for` counts the sprints closed since its own."""

    number: int
    what: str
    due_on: date
    owner: str
    owner_is_there: bool
    open_for: int


def open_actions(limit: int) -> Any:
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
            _closed_since(),
        )
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
        .join(owner, owner.id == RetroAction.owner_id)
        .where(RetroAction.project_id == bindparam("project"), RetroAction.settled_at.is_(None))
        .order_by(RetroAction.due_on, RetroAction.number)
    )
    return rows_of(still_open.limit(limit), OpenAction)


def _closed_since() -> Any:
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


def _told() -> Select[Any]:
    owner, settler = aliased(Person), aliased(Person)
    return (
        once(RetroAction)
        .add_columns(
            owner.name,
            policy.owner_is_on_team(),
            Sprint.number,
            _closed_since(),
            settler.name,
            Item,
        )
        .join(Retrospective, Retrospective.id == RetroAction.retrospective_id)
        .join(Sprint, Sprint.id == Retrospective.sprint_id)
        .join(owner, owner.id == RetroAction.owner_id)
        .outerjoin(settler, settler.id == RetroAction.settled_by_id)
        .outerjoin(Item, Item.id == RetroAction.item_id)
    )


_TOLD = _told()
_STILL_OPEN = _TOLD.where(RetroAction.settled_at.is_(None)).order_by(
    RetroAction.due_on, RetroAction.number
)


def _tell(chosen: Select[Any], asked: Mapping[str, Any]) -> list[Told]:
    found = db.session.execute(chosen, asked)
    return [
        Told(action, owner, not on_team, sprint, since, settler, item)
        for action, owner, on_team, sprint, since, settler, item in found
    ]


def get_held_on(action: RetroAction) -> date:
    """The day of the retrospective that decided it. The caller may see the action."""
    of = select(Retrospective.held_on).where(Retrospective.id == action.retrospective_id)
    return db.session.scalars(of).one()


def find_item_of(action: RetroAction) -> Item | None:
    """What it became in the backlog. The caller may see the action."""
    if action.item_id is None:
        return None
    return db.session.scalar(select(Item).where(Item.id == action.item_id))


def list_ids_of_actions(retrospective: Retrospective) -> Sequence[UUID]:
    """Of a retrospective that the caller may see."""
    own = select(RetroAction.id).where(RetroAction.retrospective_id == retrospective.id)
    return db.session.scalars(own).all()
