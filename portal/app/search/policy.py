"""Which teams and people a search may name: those that other pages show the actor already."""

from sqlalchemy import ColumnElement, or_

from portal.oversight.portfolio import policy as portfolio
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import ProjectFigures

can_read_team = portfolio.reads_team
can_open_directory = programmes.can_administer


def teams_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Condition on the figures of projects that the actor reads, in full or in a portfolio."""
    in_portfolio = ProjectFigures.programme_id.in_(actor.scopes_with(*programmes.PORTFOLIO_READERS))
    return or_(programmes.reads_project(actor, ProjectFigures.__table__.c.project_id), in_portfolio)


def roles_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Condition on roles that a team's or a programme's page shows the actor with their holders."""
    led = RoleAssignment.scope_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))
    return or_(programmes.reads_project(actor, RoleAssignment.__table__.c.scope_id), led)
