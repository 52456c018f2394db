"""In which role a person works, and so where they land and which menu they have."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project


class WorkplaceKind(StrEnum):
    """What a person does in the portal, the first that they land in first."""

    LEAD = "lead"
    COACH = "coach"
    TEAM = "team"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    OBSERVER = "observer"
    JUROR = "juror"
    ADMINISTRATOR = "administrator"


_ROLES: Mapping[WorkplaceKind, tuple[Role, ...]] = {
    WorkplaceKind.LEAD: (Role.PROGRAMME_LEAD,),
    WorkplaceKind.COACH: programmes.COACHES,
    WorkplaceKind.TEAM: programmes.TEAM,
    WorkplaceKind.REVIEWER: programmes.REVIEWERS,
    WorkplaceKind.OPERATOR: (Role.OPERATOR,),
    WorkplaceKind.OBSERVER: (Role.OBSERVER,),
    WorkplaceKind.JUROR: (Role.JUROR,),
}


def list_workplaces(actor: Actor) -> Sequence[WorkplaceKind]:
    """The workplaces of a person, one for each kind of role that they hold."""
    current_roles = {role for roles in actor.roles.values() for role in roles}
    places = [place for place, roles in _ROLES.items() if not current_roles.isdisjoint(roles)]
    return [*places, *([WorkplaceKind.ADMINISTRATOR] if programmes.can_administer(actor) else [])]


def choose_workplace(actor: Actor, last_worked: str | None) -> WorkplaceKind | None:
    """Where a person last worked if they still may, else the first; None without any role."""
    places = list_workplaces(actor)
    return next((place for place in places if place == last_worked), places[0] if places else None)


def list_own_project_ids(actor: Actor) -> Sequence[UUID]:
    """The projects whose team the actor is on."""
    return actor.scopes_with(*programmes.TEAM)


def reviewed_projects_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: those that the actor reviews."""
    return Project.id.in_(actor.scopes_with(*programmes.REVIEWERS))


def is_reviewer(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.REVIEWERS))


def list_led_programme_ids(actor: Actor) -> Sequence[UUID]:
    return actor.scopes_with(Role.PROGRAMME_LEAD)


def can_read_programme_documents(actor: Actor) -> bool:
    """Whether a programme's packs, committees or reports are open to them."""
    return bool(actor.scopes_with(*programmes.PORTFOLIO_READERS))
