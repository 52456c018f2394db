"""Who has a desk, and who hands a team over."""

from uuid import UUID

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

COACH = Role.COACH


def is_coach(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.COACHES))


def is_reviewer(actor: Actor) -> bool:
    return bool(actor.scopes_with(*programmes.REVIEWERS))


def list_led_programmes(actor: Actor) -> tuple[UUID, ...]:
    return actor.scopes_with(Role.PROGRAMME_LEAD)


def has_desk(actor: Actor) -> bool:
    """Whether they are a coach, or lead a programme and see the load of its coaches."""
    return is_coach(actor) or bool(list_led_programmes(actor))


def lands_on_desk(actor: Actor) -> bool:
    """Whether the desk is their home: a coach without any other role."""
    own_roles = {role for roles in actor.roles.values() for role in roles}
    return bool(own_roles) and own_roles <= set(programmes.COACHES)


def can_hand_over(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """Whether they may give this assignment of a coach to another: as whoever assigns coaches."""
    return assignment.role is COACH and projects.can_assign(actor, project)
