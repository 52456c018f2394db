"""Who may do what with a help request. No other file decides this."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from portal.coaching.clinics.models import Clinic, HelpRequestStage
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.project.projects.policy import can_advise, can_lead_programme


def coached_or_led_projects_condition(actor: Actor) -> ColumnElement[bool]:
    """Projects that the actor coaches, or whose programme the actor leads."""
    return or_(Project.id.in_(actor.scopes_with(Role.COACH)), led_projects_condition(actor))


def led_projects_condition(actor: Actor) -> ColumnElement[bool]:
    """Projects whose programme the actor leads."""
    programme_ids: Any = actor.scopes_with(Role.PROGRAMME_LEAD)
    return Project.programme_id.in_(programme_ids)


def may_run_clinics(actor: Actor, project: Project) -> bool:
    """Take, schedule, conduct and close: a coach of the project, or a lead of its programme."""
    return can_advise(actor, project)


def may_assign_requests(actor: Actor, project: Project) -> bool:
    """Give a request to a coach, or remind of it: the programme's lead."""
    return can_lead_programme(actor, project)


def may_assign_in_programme(actor: Actor, programme_id: UUID) -> bool:
    """The same in all projects of a programme."""
    return actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme_id)


def can_take(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """Claim an unclaimed request, or somebody else's open one."""
    is_own = clinic is not None and clinic.taken_by_id == actor.person_id
    return may_run_clinics(actor, project) and not is_own and is_request_open(clinic)


def can_assign(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    return may_assign_requests(actor, project) and is_request_open(clinic)


def can_remind(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """Remind whoever should act, unless that is the actor."""
    is_own = clinic is not None and clinic.taken_by_id == actor.person_id
    return can_assign(actor, project, clinic) and not is_own


def can_give_back(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """Have a request that one took wait again, until its day is fixed."""
    is_own = clinic is not None and clinic.taken_by_id == actor.person_id
    is_undated = clinic is not None and clinic.step is HelpRequestStage.CLAIMED
    return is_own and is_undated and may_run_clinics(actor, project)


def is_request_open(clinic: Clinic | None) -> bool:
    """Whether the request still waits: unclaimed, or not closed."""
    return clinic is None or clinic.closed_at is None


def can_run_clinic(actor: Actor, project: Project, clinic: Clinic | None) -> bool:
    """Schedule, conduct and close an open claim."""
    is_open = clinic is not None and clinic.closed_at is None
    return is_open and may_run_clinics(actor, project)
