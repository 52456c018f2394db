"""Who reads whose portfolio. No other file decides this.

The conditions are made once and filled for an actor by `reach_of`: a list is read at every visit,
and its statement is then never made again.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from portal.oversight.portfolio.models import PortfolioView, ProjectRow
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project, ProjectFigures

COACHES = programmes.COACHES

_read: BindParameter[UUID] = bindparam("scopes_read", expanding=True)
_coached: BindParameter[UUID] = bindparam("scopes_coached", expanding=True)
_led: BindParameter[UUID] = bindparam("scopes_led", expanding=True)

# Programmes whose portfolio opens: read in it, coach in it, or coach one of its teams.
VISIBLE: ColumnElement[bool] = or_(
    Programme.id.in_(_read),
    Programme.id.in_(_coached),
    Programme.id.in_(select(Scope.parent_id).where(Scope.id.in_(_coached))),
)
TEAMS_COACHED: ColumnElement[bool] = ProjectFigures.project_id.in_(_coached)
# Every team of the programmes read, and the teams coached.
TEAMS_VISIBLE: ColumnElement[bool] = or_(ProjectFigures.programme_id.in_(_read), TEAMS_COACHED)
# Teams whose requests for help reach the actor: as their coach, or as the programme's lead.
TEAMS_HELPED: ColumnElement[bool] = or_(ProjectFigures.programme_id.in_(_led), TEAMS_COACHED)


def reach_of(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    """What the conditions above ask of an actor: every statement that uses one is given it."""
    return {
        "scopes_read": actor.scopes_with(*programmes.PORTFOLIO_READERS),
        "scopes_coached": actor.scopes_with(*COACHES),
        "scopes_led": actor.scopes_with(Role.PROGRAMME_LEAD),
    }


def can_see_all(actor: Actor, programme: Programme) -> bool:
    """All teams of the programme, not only those coached."""
    return actor.has_role_in(*programmes.PORTFOLIO_READERS, in_=programme.id)


def can_read_team(actor: Actor, project: Project | ProjectRow) -> bool:
    """Read the project itself, and what is said in it. The portfolio alone opens neither."""
    return reads_team(actor, project.id, project.programme_id)


def reads_team(actor: Actor, project_id: UUID, programme_id: UUID) -> bool:
    """The same, where only the keys were read."""
    return actor.has_role_in(*programmes.PROJECT_READERS, in_=project_id) or actor.has_role_in(
        Role.PROGRAMME_LEAD, in_=programme_id
    )


def can_create_team(actor: Actor, programme: Programme) -> bool:
    return projects.can_create(actor, programme)


def can_share_view(actor: Actor, programme: Programme) -> bool:
    """Keep a view for all who lead the programme, and see theirs."""
    return programmes.can_lead(actor, programme)


def can_drop_view(actor: Actor, view: PortfolioView) -> bool:
    """One's own; a shared one is any lead's to drop."""
    if view.person_id == actor.person_id:
        return True
    return view.is_shared and actor.has_role_in(Role.PROGRAMME_LEAD, in_=view.programme_id)
