"""Requests that somebody has: of a person in a project, and for the page of what is to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.coaching.clinics import policy
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import find_ids_that_would_wait_again
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject
from portal.sprints.sprints.models import REQUEST_BLOCKER, REQUEST_TEXT, BlockerKind, Sprint


def list_open_claims(project: Project, person_id: UUID) -> Sequence[tuple[Clinic, Sprint]]:
    """A person's open claims in a project, with their sprints."""
    statement = (
        select(Clinic, Sprint)
        .join(Sprint, Sprint.id == Clinic.sprint_id)
        .where(Clinic.project_id == project.id, Clinic.taken_by_id == person_id, Clinic.closed_at.is_(None))
        .order_by(Sprint.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_claims_to_release(claimants: Sequence[Actor]) -> Sequence[tuple[Project, Sprint, UUID]]:
    """Requests that these people have and that wait again where they may hold no clinic with these roles,
    each with whoever has it: none that was held, or that would wait nowhere. Two statements."""
    by_id = {claimant.person_id: claimant for claimant in claimants}
    statement = (
        select(Project, Sprint, Clinic.taken_by_id)
        .select_from(Clinic)
        .join(Sprint, Sprint.id == Clinic.sprint_id)
        .join(Project, Project.id == Clinic.project_id)
        .where(Clinic.taken_by_id.in_(by_id), Clinic.closed_at.is_(None), Clinic.held_on.is_(None))
        .order_by(Project.id, Sprint.number)
    )
    claims = [
        (project, sprint, claimant_id)
        for project, sprint, claimant_id in db.session.execute(statement).all()
        if not policy.may_run_clinics(by_id[claimant_id], project)
    ]
    waiting_again = find_ids_that_would_wait_again([(project, sprint) for project, sprint, _id in claims])
    return [claim for claim in claims if claim[1].id in waiting_again]


@dataclass(frozen=True)
class ClaimedRequest:
    """An open request that somebody has, as plain values."""

    project: WaitingLineProject
    sprint_id: UUID
    number: int
    blocker: BlockerKind
    blocker_text: str
    taken_at: datetime
    planned_on: date | None
    held_on: date | None
    taken_by_id: UUID
    taken_by: str

    @property
    def is_to_come(self) -> bool:
        """Whether its day is fixed and did not pass: until then it waits for nobody."""
        return self.held_on is None and self.planned_on is not None and self.planned_on >= clock.today()


def list_claimed_requests(actor: Actor) -> Sequence[ClaimedRequest]:
    """Open requests that somebody took or was given, of active teams of the programmes that the actor
    leads, and those that the actor has but for clinics to come; the longest taken first."""
    is_own = Clinic.taken_by_id == actor.person_id
    waits = or_(Clinic.planned_on.is_(None), Clinic.planned_on < clock.today(), Clinic.held_on.is_not(None))
    reaches_actor = or_(
        policy.led_projects_condition(actor),
        and_(policy.coached_or_led_projects_condition(actor), is_own, waits),
    )
    statement = (
        select(
            Project.id,
            Project.programme_id,
            Project.slug,
            func.coalesce(func.nullif(Project.acronym, ""), Project.organisation),
            Sprint.id,
            Sprint.number,
            REQUEST_BLOCKER,
            REQUEST_TEXT,
            Clinic.taken_at,
            Clinic.planned_on,
            Clinic.held_on,
            Clinic.taken_by_id,
            Person.name,
        )
        .select_from(Clinic)
        .join(Sprint, Sprint.id == Clinic.sprint_id)
        .join(Project, Project.id == Clinic.project_id)
        .join(Person, Person.id == Clinic.taken_by_id)
        .where(reaches_actor, Clinic.closed_at.is_(None), *projects.IS_ACTIVE)
        .order_by(Clinic.taken_at, Sprint.id)
        .limit(WAITING_MAX)
    )
    return [ClaimedRequest(WaitingLineProject(*row[:4]), *row[4:]) for row in db.session.execute(statement)]
