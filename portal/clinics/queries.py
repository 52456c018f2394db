"""Reading the help that sprints ask for, and what became of it. Whatever comes back, the actor may
see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select

from portal.accounts.models import Person
from portal.clinics import policy
from portal.clinics.models import Clinic, Step
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.lists import rows_of
from portal.projects import policy as projects
from portal.projects.models import Project, ProjectFigures
from portal.sprints.models import Sprint

SHOWN = 100


@dataclass(frozen=True)
class Request:
    """Help that a sprint asked for: whose, since when, and who took it."""

    sprint: Sprint
    project: Project
    clinic: Clinic | None
    taken_by: str | None

    @property
    def step(self) -> Step:
        return self.clinic.step if self.clinic else Step.ASKED

    @property
    def asked_at(self) -> datetime:
        """When the sprint was closed."""
        asked = self.clinic.asked_at if self.clinic else self.sprint.closed_at
        return asked or self.sprint.created_at

    def days_waited(self, today: date) -> int:
        """Until a coach took it; until today, while none has."""
        until = clock.day_of(self.clinic.taken_at) if self.clinic else today
        return max(0, (until - clock.day_of(self.asked_at)).days)


_asks = and_(Sprint.closed_at.is_not(None), Sprint.help_wanted)
_is_request = or_(_asks, Clinic.id.is_not(None))


def _requests() -> Select[Sprint, Project, Clinic, str]:
    return (
        select(Sprint, Project, Clinic, Person.name)
        .join(Project, Project.id == Sprint.project_id)
        .outerjoin(Clinic, Clinic.sprint_id == Sprint.id)
        .outerjoin(Person, Person.id == Clinic.taken_by_id)
    )


def list_requests(actor: Actor, project: Project) -> Sequence[Request]:
    """A project's, those that are not over first, then the latest."""
    mine = _requests().where(
        Sprint.project_id == project.id,
        projects.visible_within(actor, Sprint.project_id),
        _is_request,
    )
    ordered = mine.order_by(Clinic.closed_at.is_not(None), Sprint.number.desc()).limit(SHOWN)
    return [Request(*row) for row in db.session.execute(ordered)]


def get_request(actor: Actor, project: Project, number: int) -> Request:
    """By the number of the sprint that asks. Raises `NotFound`."""
    one = _requests().where(
        Sprint.project_id == project.id,
        Sprint.number == number,
        projects.visible_within(actor, Sprint.project_id),
        _is_request,
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Request(*found)


def _taken(*values: Any) -> tuple[Clinic, str]:
    """To be read, not changed."""
    *own, who = values
    return Clinic(**dict(zip(_SHOWN, own, strict=True))), who


# Of the sprint that is bound, its clinic and who took it, once somebody did.
_SHOWN = ("asked_at", "taken_at", "planned_on", "held_on", "closed_at")
TAKEN = rows_of(
    select(*(getattr(Clinic, name) for name in _SHOWN), Person.name)
    .join(Person, Person.id == Clinic.taken_by_id)
    .where(Clinic.sprint_id == bindparam("sprint")),
    _taken,
)


def find_clinic(sprint: Sprint) -> Clinic | None:
    """Of a sprint that the caller may see."""
    return db.session.scalar(select(Clinic).where(Clinic.sprint_id == sprint.id))


def list_taken(project: Project, person_id: UUID) -> Sequence[tuple[Clinic, Sprint]]:
    """What somebody has taken in a project and is not over."""
    mine = (
        select(Clinic, Sprint)
        .join(Sprint, Sprint.id == Clinic.sprint_id)
        .where(
            Clinic.project_id == project.id,
            Clinic.taken_by_id == person_id,
            Clinic.closed_at.is_(None),
        )
        .order_by(Sprint.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(mine)]


def list_waiting(actor: Actor) -> Sequence[Request]:
    """For coaches and leads: asked for by the last log of a team that goes on and not taken, the
    longest first; then taken and not over."""
    still = and_(
        ProjectFigures.help_wanted,
        Sprint.number == ProjectFigures.last_number,
        _asks,
        Clinic.id.is_(None),
        *projects.GOES_ON,
    )
    going_on = and_(Clinic.id.is_not(None), Clinic.closed_at.is_(None))
    waiting = (
        _requests()
        .join(ProjectFigures, ProjectFigures.project_id == Project.id)
        .where(policy.follows(actor), or_(still, going_on))
        .order_by(Clinic.id.is_not(None), Sprint.closed_at)
        .limit(SHOWN)
    )
    return [Request(*row) for row in db.session.execute(waiting)]
