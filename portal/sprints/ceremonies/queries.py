"""Queries on demonstrations and retrospectives. They return only what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal, or_, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import require_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage, read_column_page, select_in_project
from portal.sprints.ceremonies.models import IN_TEAM, OUTSIDE, Demonstration, RetroAction, Retrospective
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint


@dataclass(frozen=True)
class DemonstrationWithSprint:
    """A demonstration, its sprint, and the number of the version shown."""

    demonstration: Demonstration
    sprint: Sprint
    version: int | None


@dataclass(frozen=True)
class DemonstrationLine:
    """A demonstration in one line: the day, the attendees, and the number of the version shown."""

    number: int
    held_on: date
    in_team: int
    outside: int
    version: int | None


@dataclass(frozen=True)
class SprintCeremonies:
    """The values of `SPRINT_FIGURES`: demonstrations, and the retrospective with its actions.

    `is_written` is 1 with a retrospective, 0 without; `actions` and `still_open` count its actions.
    """

    demonstrations: Sequence[DemonstrationLine]
    is_written: int
    actions: int
    still_open: int


def read_demonstrations_page(
    actor: Actor, project: Project, page: int = 1
) -> ListPage[DemonstrationWithSprint]:
    """A page of demonstrations, the latest first."""
    return read_column_page(
        _select_demonstrations(actor, project),
        page,
        DemonstrationWithSprint,
        *(Demonstration.held_on.desc(), Demonstration.number.desc()),
        counted=select_in_project(actor, Demonstration, project),
    )


def _sum_attendees(names: Sequence[str]) -> ColumnElement[int]:
    return sum((getattr(Demonstration, name) for name in names), literal(0))


_retrospective_count = select(func.count()).where(Retrospective.sprint_id == bindparam("sprint"))
_action_count = _retrospective_count.join_from(RetroAction, Retrospective)
_open_action_count = _action_count.where(RetroAction.settled_at.is_(None))
# The scalar subqueries of `SprintCeremonies`, about the sprint bound as `sprint`.
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
        DemonstrationLine,
    ),
    *(figure.scalar_subquery() for figure in (_retrospective_count, _action_count, _open_action_count)),
)


def has_ceremony(sprint_id: UUID) -> bool:
    """Whether a demonstration or a retrospective of a sprint is noted."""
    noted = or_(
        exists().where(Demonstration.sprint_id == sprint_id),
        exists().where(Retrospective.sprint_id == sprint_id),
    )
    return bool(db.session.scalar(select(noted)))


def get_demonstration(actor: Actor, project: Project, number: int) -> DemonstrationWithSprint:
    """Raises `NotFound`."""
    statement = _select_demonstrations(actor, project).where(Demonstration.number == number)
    return DemonstrationWithSprint(*require_row(db.session.execute(statement).first()))


def _select_demonstrations(actor: Actor, project: Project) -> Select[Any]:
    return (
        select_in_project(actor, Demonstration, project)
        .add_columns(Sprint, PrototypeVersion.number)
        .join(Sprint, Sprint.id == Demonstration.sprint_id)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == Demonstration.prototype_version_id)
    )


def find_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective | None:
    """The retrospective of a sprint, if any."""
    return db.session.scalar(
        select(Retrospective).where(
            Retrospective.sprint_id == sprint.id,
            projects.visible_by_project_column(actor, Retrospective.project_id),
            Retrospective.project_id == project.id,
        )
    )


def get_retrospective(actor: Actor, project: Project, sprint: Sprint) -> Retrospective:
    """Raises `NotFound`."""
    return require_row(find_retrospective(actor, project, sprint))


# The acts that the histories of a demonstration, and of a retrospective with its actions, tell.
DEMONSTRATION_ACTIONS = ("demonstration.noted", "demonstration.changed")
RETROSPECTIVE_ACTIONS = (
    *("retrospective.noted", "retrospective.changed"),
    *(f"retro_action.{verb}" for verb in ("added", "changed", "done", "dropped", "reopened", "planned")),
)


def list_retrospective_history_subject_ids(retrospective: Retrospective) -> Sequence[UUID]:
    """The ids of a retrospective that the caller may see and of its actions: what its history is about."""
    ids = select(RetroAction.id).where(RetroAction.retrospective_id == retrospective.id)
    return [retrospective.id, *db.session.scalars(ids)]
