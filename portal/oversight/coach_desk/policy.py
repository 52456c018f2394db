"""Who has a desk, and who hands a team over. No other file decides this."""

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
    """Coaches, and leads, who see the load of theirs."""
    return is_coach(actor) or bool(list_led_programmes(actor))


def lands_on_desk(actor: Actor) -> bool:
    """Somebody who is a coach and nothing else."""
    own_roles = {role for roles in actor.roles.values() for role in roles}
    return bool(own_roles) and own_roles <= set(programmes.COACHES)


def can_hand_over(actor: Actor, project: Project, assignment: RoleAssignment) -> bool:
    """A coach's team, to another coach: whoever chooses its coaches."""
    return assignment.role is COACH and projects.can_assign(actor, project)


def may_hand_over(actor: Actor, project: Project) -> bool:
    return projects.can_assign(actor, project)
