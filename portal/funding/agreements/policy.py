"""Who reads and handles the money of projects. All doors of the wing ask here.

Amounts, texts and documents are for the team, the leads and the operators of its programme. Whoever
else reads the project, such as its coaches, reads states alone; observers read the report alone.
"""

from sqlalchemy import ColumnElement, or_

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

OPERATOR, LEAD = Role.OPERATOR, Role.PROGRAMME_LEAD
TEAM, TEAM_LEAD = programmes.TEAM, Role.TEAM_LEAD
REPORT_READERS = (Role.OPERATOR, Role.PROGRAMME_LEAD, Role.OBSERVER)


def funding_states_visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: the actor reads the states of their funding."""
    return or_(projects.visible_to(actor), Project.programme_id.in_(actor.scopes_with(OPERATOR)))


def funding_amounts_visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: the actor reads amounts, texts and documents."""
    handled = Project.programme_id.in_(actor.scopes_with(OPERATOR, LEAD))
    return or_(Project.id.in_(actor.scopes_with(*TEAM)), handled)


def operated_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: the actor is an operator of their programme."""
    return Project.programme_id.in_(actor.scopes_with(OPERATOR))


def handled_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on projects: the actor handles their agreements."""
    return Project.programme_id.in_(actor.scopes_with(OPERATOR, LEAD))


def reads_amounts(actor: Actor, project: Project) -> bool:
    return is_on_team(actor, project) or actor.has_role_in(OPERATOR, LEAD, in_=project.programme_id)


def is_on_team(actor: Actor, project: Project) -> bool:
    return projects.is_on_team(actor, project)


def can_handle(actor: Actor, project: Project) -> bool:
    """Whether the actor prepares, signs and amends agreements: operators and leads, never the team."""
    handles = actor.has_role_in(OPERATOR, LEAD, in_=project.programme_id)
    return handles and not is_on_team(actor, project)


def can_operate(actor: Actor, project: Project) -> bool:
    """Whether the actor checks and pays instalments: operators, never the team."""
    return actor.has_role_in(OPERATOR, in_=project.programme_id) and not is_on_team(actor, project)


def can_request_instalment(actor: Actor, project: Project) -> bool:
    """Whether the actor asks for instalments: whoever leads the team, while the project goes on."""
    return projects.can_lead_team(actor, project)


def can_read_report(actor: Actor, programme: Programme) -> bool:
    return actor.has_role_in(*REPORT_READERS, in_=programme.id)


def can_set_terms(actor: Actor, programme: Programme) -> bool:
    return actor.has_role_in(OPERATOR, LEAD, in_=programme.id)


def handles_any(actor: Actor) -> bool:
    """Whether the actor handles the funding of some programme."""
    return bool(actor.scopes_with(OPERATOR, LEAD))


def is_operator(actor: Actor) -> bool:
    return bool(actor.scopes_with(OPERATOR))
