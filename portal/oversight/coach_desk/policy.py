"""Who accompanies teams, who sees what coaches carry, and who hands a team over."""

from uuid import UUID

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

COACH, LEAD = Role.COACH, Role.PROGRAMME_LEAD


def is_coach(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.COACHES))


def list_coached_project_ids(actor: Actor) -> tuple[UUID, ...]:
    return actor.scopes_with(COACH)


def list_led_programme_ids(actor: Actor) -> tuple[UUID, ...]:
    return actor.scopes_with(LEAD)


def sees_loads(actor: Actor) -> bool:
    """Whether they see what each coach carries: the leads of a programme."""
    return bool(list_led_programme_ids(actor))


def can_hand_over(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """Whether they may give this assignment of a coach to another: as whoever assigns coaches."""
    return assignment.role is COACH and projects.can_assign_coaches_and_tracks(actor, project)
