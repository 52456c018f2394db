"""Which teams and people a search may name: those that other pages show the actor already."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import bindparam, or_

from portal.oversight.portfolio import policy as portfolio
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import ProjectFigures

can_read_team = portfolio.can_read_team_by_ids
can_open_directory = programmes.can_administer


# Conditions for statements compiled once; `readable_scope_parameters` binds them.
# On the figures of projects that a person reads, in full or in a portfolio.
TEAMS_VISIBLE = or_(
    programmes.precompiled_project_read_condition(ProjectFigures.__table__.c.project_id),
    ProjectFigures.programme_id.in_(bindparam("portfolios", expanding=True)),
)
# On roles that a team's or a programme's page shows them with their holders.
ROLES_VISIBLE = or_(
    programmes.precompiled_project_read_condition(RoleAssignment.__table__.c.scope_id),
    RoleAssignment.scope_id.in_(bindparam("programmes_led", expanding=True)),
)


def readable_scope_parameters(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    return {
        **programmes.project_read_parameters(actor),
        "portfolios": actor.scopes_with(*programmes.PORTFOLIO_READERS),
        "programmes_led": actor.scopes_with(Role.PROGRAMME_LEAD),
    }
