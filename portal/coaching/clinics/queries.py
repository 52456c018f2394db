"""Queries of help requests and clinics; results are filtered by what the actor may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from portal.coaching.clinics import policy
from portal.coaching.clinics.models import Clinic, HelpRequestStage
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.subqueries import rows_subquery
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy as projects
from portal.project.projects.models import Project, ProjectFigures
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject
from portal.sprints.sprints.models import ASKS_FOR_HELP, REQUEST_BLOCKER, REQUEST_TEXT, BlockerKind, Sprint

REQUESTS_MAX = 100


@dataclass(frozen=True)
class HelpRequest:
    """A sprint's help request; `clinic` and `taken_by` (a name) are None until it is claimed."""

    sprint: Sprint
    project: Project
    clinic: Clinic | None
    taken_by: str | None

    @property
    def step(self) -> HelpRequestStage:
        return self.clinic.step if self.clinic else HelpRequestStage.REQUESTED

    @property
    def blocker_text(self) -> str:
        """What the team wrote; a closed request keeps it, whatever the log says since."""
        closed = self.clinic if self.step is HelpRequestStage.CLOSED else None
        return closed.blocker_text if closed else self.sprint.request_text

    @property
    def blocker(self) -> BlockerKind:
        """What kind of blocker the team named."""
        return self.sprint.request_blocker

    @property
    def requested_at(self) -> datetime:
        """When the team asked."""
        moment = self.clinic.requested_at if self.clinic else self.sprint.help_requested_at
        return moment or self.sprint.created_at

    def days_waited(self, today: date) -> int:
        """Days from the request until a coach claimed it, or until today while none has."""
        until = clock.day_of(self.clinic.taken_at) if self.clinic else today
        return max(0, (until - clock.day_of(self.requested_at)).days)


# A sprint has one clinic that counts; those of its earlier requests stay as they were closed.
IS_CURRENT = Clinic.asked_again_at.is_(None)
_of_sprint = and_(Clinic.sprint_id == Sprint.id, IS_CURRENT)
_is_request = or_(ASKS_FOR_HELP, Clinic.id.is_not(None))
_requested_at = func.coalesce(Sprint.help_asked_at, Sprint.closed_at)
# Requests that nobody took, of the last close or since: an older one lapsed.
_is_unclaimed = (
    ProjectFigures.help_wanted,
    Sprint.number >= func.coalesce(ProjectFigures.last_number, 0),
    ASKS_FOR_HELP,
    Clinic.id.is_(None),
    *projects.IS_ACTIVE,
)
_IS_OPEN = or_(and_(*_is_unclaimed), and_(Clinic.id.is_not(None), Clinic.closed_at.is_(None)))
# For a project's page: how many requests of its sprints wait to be taken or closed.
OPEN_COUNT = (
    select(func.count())
    .select_from(Sprint)
    .join(Project, Project.id == Sprint.project_id)
    .join(ProjectFigures, ProjectFigures.project_id == Project.id)
    .outerjoin(Clinic, _of_sprint)
    .where(Sprint.project_id == bindparam("project"), _IS_OPEN)
    .scalar_subquery()
)


def _select_requests() -> Select[Sprint, Project, Clinic, str]:
    return (
        select(Sprint, Project, Clinic, Person.name)
        .join(Project, Project.id == Sprint.project_id)
        .outerjoin(Clinic, _of_sprint)
        .outerjoin(Person, Person.id == Clinic.taken_by_id)
    )


def make_withdrawn_error(project: Project) -> Overtaken:
    """What answers an act on a request that its team withdrew, or never made."""
    return Overtaken(
        _("L’équipe ne demande pas cette aide, ou ne la demande plus."), f"/projects/{project.slug}/clinics"
    )


def _select_project_requests(actor: Actor, project: Project) -> Select[Sprint, Project, Clinic, str]:
    is_visible = projects.visible_by_project_column(actor, Sprint.project_id)
    return _select_requests().where(Sprint.project_id == project.id, is_visible, _is_request)


def list_project_requests(actor: Actor, project: Project) -> Sequence[HelpRequest]:
    """A project's help requests: open ones first, then by sprint number, latest first."""
    statement = _select_project_requests(actor, project)
    ordered = statement.order_by(Clinic.closed_at.is_not(None), Sprint.number.desc())
    return [HelpRequest(*row) for row in db.session.execute(ordered.limit(REQUESTS_MAX))]


def get_request(actor: Actor, project: Project, number: int) -> HelpRequest:
    """The request of the sprint with that number. Raises `NotFound`."""
    statement = _select_project_requests(actor, project).where(Sprint.number == number)
    return HelpRequest(*get_row(statement))


def get_request_to_act(actor: Actor, project: Project, number: int) -> HelpRequest:
    """The same, to act on it. Raises `NotFound` without such a sprint, `Overtaken` without its request."""
    is_visible = projects.visible_by_project_column(actor, Sprint.project_id)
    of_number = Sprint.project_id == project.id, Sprint.number == number
    return _get_request_or_say_withdrawn(*of_number, is_visible)


def _get_request_or_say_withdrawn(*conditions: ColumnElement[bool]) -> HelpRequest:
    request = HelpRequest(*get_row(_select_requests().where(*conditions)))
    if request.clinic is None and request.sprint.help_requested_at is None:
        raise make_withdrawn_error(request.project)
    return request


def _build_clinic_and_coach_name(*values: Any) -> tuple[Clinic, str]:
    """A detached `Clinic`, read-only, and the name of the coach who claimed it."""
    *columns, coach_name = values
    return Clinic(**dict(zip(_CLINIC_FIELDS, columns, strict=True))), coach_name


# Subquery: the clinic of the sprint bound as `sprint` and the name of the coach, once claimed.
_CLINIC_FIELDS = ("requested_at", "taken_at", "planned_on", "held_on", "closed_at", "hour", "duration")
CLAIMS = rows_subquery(
    select(*(getattr(Clinic, name) for name in _CLINIC_FIELDS), Person.name)
    .join(Person, Person.id == Clinic.taken_by_id)
    .where(Clinic.sprint_id == bindparam("sprint"), IS_CURRENT),
    _build_clinic_and_coach_name,
)


def find_latest_clinic_of_sprint(sprint: Sprint) -> Clinic | None:
    """The clinic of the latest request of a sprint that the caller may see."""
    return db.session.scalar(select(Clinic).where(Clinic.sprint_id == sprint.id, IS_CURRENT))


def list_closed_clinics_of_sprint(sprint: Sprint) -> Sequence[Clinic]:
    """The closed clinics after which the team asked again, latest first, of a sprint that the caller
    may see."""
    earlier = select(Clinic).where(Clinic.sprint_id == sprint.id, Clinic.asked_again_at.is_not(None))
    return db.session.scalars(earlier.order_by(Clinic.closed_at.desc()).limit(REQUESTS_MAX)).all()


def list_open_requests(actor: Actor) -> Sequence[HelpRequest]:
    """Requests that reach the actor as coach or lead: unclaimed ones of active teams first, the
    longest waiting first; then open claims."""
    waiting = (
        _select_requests()
        .join(ProjectFigures, ProjectFigures.project_id == Project.id)
        .where(policy.coached_or_led_projects_condition(actor), _IS_OPEN)
        .order_by(Clinic.id.is_not(None), _requested_at)
        .limit(REQUESTS_MAX)
    )
    return [HelpRequest(*row) for row in db.session.execute(waiting)]


@dataclass(frozen=True)
class UnclaimedRequest:
    """A request that nobody took, as plain values."""

    project: WaitingLineProject
    sprint_id: UUID
    number: int
    blocker: BlockerKind
    blocker_text: str
    requested_at: datetime


def list_unclaimed_requests(actor: Actor) -> Sequence[UnclaimedRequest]:
    """Unclaimed requests of active teams that reach the actor as coach or lead, the longest waiting
    first."""
    statement = (
        select(
            Sprint.id,
            Sprint.number,
            REQUEST_BLOCKER,
            REQUEST_TEXT,
            _requested_at,
            Project.id,
            Project.programme_id,
            Project.slug,
            Project.acronym,
            Project.organisation,
        )
        .select_from(ProjectFigures)
        .join(Project, Project.id == ProjectFigures.project_id)
        .join(Sprint, Sprint.project_id == Project.id)
        .outerjoin(Clinic, _of_sprint)
        .where(policy.coached_or_led_projects_condition(actor), *_is_unclaimed)
        .order_by(_requested_at, Sprint.id)
        .limit(WAITING_MAX)
    )
    return [_build_unclaimed_request(row) for row in db.session.execute(statement)]


def _build_unclaimed_request(row: Any) -> UnclaimedRequest:
    """From a row of `list_unclaimed_requests`: the sprint's columns, then the project's."""
    *values, project_id, programme_id, slug, acronym, organisation = row
    project = WaitingLineProject(project_id, programme_id, slug, acronym or organisation)
    return UnclaimedRequest(project, *values)


def get_claimant_name(clinic: Clinic) -> str:
    """The name of whoever took a request."""
    return db.session.scalar(select(Person.name).where(Person.id == clinic.taken_by_id)) or ""


def get_request_of_sprint(actor: Actor, sprint_id: UUID) -> HelpRequest:
    """The request of a sprint in any project that the actor reads, to act on it. Raises as
    `get_request_to_act`."""
    is_visible = projects.visible_by_project_column(actor, Sprint.project_id)
    return _get_request_or_say_withdrawn(Sprint.id == sprint_id, is_visible)


def would_wait_again(project: Project, sprint: Sprint) -> bool:
    """Whether the request of a sprint waits once nobody has it: an active team asks, closed none since."""
    return bool(find_ids_that_would_wait_again([(project, sprint)]))


def find_ids_that_would_wait_again(requests: Sequence[tuple[Project, Sprint]]) -> Collection[UUID]:
    """Of sprints with their projects, those whose requests would. One statement."""
    closed = select(Sprint.project_id, Sprint.number).where(
        Sprint.project_id.in_({project.id for project, _sprint in requests}), Sprint.closed_at.is_not(None)
    )
    rows = db.session.execute(closed.order_by(Sprint.ends_on, Sprint.number))
    last_numbers: dict[UUID, int] = {row[0]: row[1] for row in rows}
    return {
        sprint.id
        for project, sprint in requests
        if projects.is_project_active(project)
        and sprint.help_requested_at is not None
        and sprint.number >= last_numbers.get(project.id, 0)
    }
