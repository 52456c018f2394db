"""Reading the help that sprints ask for, and what became of it. Whatever comes back, the actor may
see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select

from portal.coaching.clinics import policy
from portal.coaching.clinics.models import Clinic, ClinicStep
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects import policy as projects
from portal.project.projects.models import Project, ProjectFigures
from portal.sprints.sprints.models import Sprint

REQUESTS_MAX = 100


@dataclass(frozen=True)
class HelpRequest:
    """Help that a sprint asked for: whose, since when, and who took it."""

    sprint: Sprint
    project: Project
    clinic: Clinic | None
    taken_by: str | None

    @property
    def step(self) -> ClinicStep:
        return self.clinic.step if self.clinic else ClinicStep.REQUESTED

    @property
    def requested_at(self) -> datetime:
        """When the sprint was closed."""
        moment = self.clinic.requested_at if self.clinic else self.sprint.closed_at
        return moment or self.sprint.created_at

    def days_waited(self, today: date) -> int:
        """Until a coach took it; until today, while none has."""
        until = clock.day_of(self.clinic.taken_at) if self.clinic else today
        return max(0, (until - clock.day_of(self.requested_at)).days)


_wants_help = and_(Sprint.closed_at.is_not(None), Sprint.help_wanted)
_is_request = or_(_wants_help, Clinic.id.is_not(None))


def _select_requests() -> Select[Sprint, Project, Clinic, str]:
    return (
        select(Sprint, Project, Clinic, Person.name)
        .join(Project, Project.id == Sprint.project_id)
        .outerjoin(Clinic, Clinic.sprint_id == Sprint.id)
        .outerjoin(Person, Person.id == Clinic.taken_by_id)
    )


def list_requests(actor: Actor, project: Project) -> Sequence[HelpRequest]:
    """A project's, those that are not over first, then the latest."""
    statement = _select_requests().where(
        Sprint.project_id == project.id,
        projects.visible_within(actor, Sprint.project_id),
        _is_request,
    )
    ordered = statement.order_by(Clinic.closed_at.is_not(None), Sprint.number.desc()).limit(
        REQUESTS_MAX
    )
    return [HelpRequest(*row) for row in db.session.execute(ordered)]


def get_request(actor: Actor, project: Project, number: int) -> HelpRequest:
    """By the number of the sprint that asks. Raises `NotFound`."""
    statement = _select_requests().where(
        Sprint.project_id == project.id,
        Sprint.number == number,
        projects.visible_within(actor, Sprint.project_id),
        _is_request,
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return HelpRequest(*row)


def _build_claim(*values: Any) -> tuple[Clinic, str]:
    """To be read, not changed."""
    *own, who = values
    return Clinic(**dict(zip(_CLINIC_FIELDS, own, strict=True))), who


# Of the sprint that is bound, its clinic and who took it, once somebody did.
_CLINIC_FIELDS = ("requested_at", "taken_at", "planned_on", "held_on", "closed_at")
CLAIMS = rows_subquery(
    select(*(getattr(Clinic, name) for name in _CLINIC_FIELDS), Person.name)
    .join(Person, Person.id == Clinic.taken_by_id)
    .where(Clinic.sprint_id == bindparam("sprint")),
    _build_claim,
)


def find_clinic(sprint: Sprint) -> Clinic | None:
    """Of a sprint that the caller may see."""
    return db.session.scalar(select(Clinic).where(Clinic.sprint_id == sprint.id))


def list_open_claims(project: Project, person_id: UUID) -> Sequence[tuple[Clinic, Sprint]]:
    """What somebody has taken in a project and is not over."""
    statement = (
        select(Clinic, Sprint)
        .join(Sprint, Sprint.id == Clinic.sprint_id)
        .where(
            Clinic.project_id == project.id,
            Clinic.taken_by_id == person_id,
            Clinic.closed_at.is_(None),
        )
        .order_by(Sprint.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_open_requests(actor: Actor) -> Sequence[HelpRequest]:
    """For coaches and leads: asked for by the last log of a team that goes on and not taken, the
    longest first; then taken and not over."""
    still = and_(
        ProjectFigures.help_wanted,
        Sprint.number == ProjectFigures.last_number,
        _wants_help,
        Clinic.id.is_(None),
        *projects.IS_ACTIVE,
    )
    going_on = and_(Clinic.id.is_not(None), Clinic.closed_at.is_(None))
    waiting = (
        _select_requests()
        .join(ProjectFigures, ProjectFigures.project_id == Project.id)
        .where(policy.followed_by(actor), or_(still, going_on))
        .order_by(Clinic.id.is_not(None), Sprint.closed_at)
        .limit(REQUESTS_MAX)
    )
    return [HelpRequest(*row) for row in db.session.execute(waiting)]
