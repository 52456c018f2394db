"""Who reads the portfolio of whom.

The conditions are built once with bind parameters, which `reach_parameters` fills for an actor: the
statements of lists are then compiled once.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from portal.oversight.portfolio.models import ListedProject, PortfolioView
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


def visible_teams_bind_parameters(actor: Actor) -> Mapping[str, tuple[UUID, ...]]:
    """The bind parameters of the conditions above, for every statement that uses one."""
    return {
        "scopes_read": actor.scopes_with(*programmes.PORTFOLIO_READERS),
        "scopes_coached": actor.scopes_with(*COACHES),
        "scopes_led": actor.scopes_with(Role.PROGRAMME_LEAD),
    }


def can_see_all_teams(actor: Actor, programme: Programme) -> bool:
    """See all teams of the programme, not only those coached."""
    return actor.has_role_in(*programmes.PORTFOLIO_READERS, in_=programme.id)


def count_coached_teams(actor: Actor, team_ids: Sequence[UUID]) -> int:
    """How many of these teams the actor coaches."""
    coached = frozenset(actor.scopes_with(*COACHES))
    return len(coached.intersection(team_ids)) if coached else 0


def lands_on_teams_to_help(actor: Actor, programme_id: UUID) -> bool:
    """Whether the actor, without another wish, sees first the teams to help that they coach: a coach
    who does not lead the programme."""
    coaches = bool(actor.scopes_with(*COACHES))
    return coaches and not actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme_id)


def can_read_team(actor: Actor, project: Project | ListedProject) -> bool:
    """Open the project and its discussions, which the portfolio alone does not allow."""
    return can_read_team_by_ids(actor, project.id, project.programme_id)


def can_read_team_by_ids(actor: Actor, project_id: UUID, programme_id: UUID) -> bool:
    """The same as `can_read_team`, by ids."""
    return actor.has_role_in(*programmes.PROJECT_READERS, in_=project_id) or actor.has_role_in(
        Role.PROGRAMME_LEAD, in_=programme_id
    )


def examines_on_own_page(actor: Actor, programme_id: UUID) -> bool:
    """Whether what waits for the actor is on the operators' page: of those who do not lead the programme."""
    return actor.has_role_in(Role.OPERATOR, in_=programme_id) and not actor.has_role_in(
        Role.PROGRAMME_LEAD, in_=programme_id
    )


def can_create_team(actor: Actor, programme: Programme) -> bool:
    return projects.can_create(actor, programme)


def can_share_view(actor: Actor, programme: Programme) -> bool:
    """Share a view with all who lead the programme, and see theirs."""
    return programmes.can_lead(actor, programme)


def can_drop_view(actor: Actor, view: PortfolioView) -> bool:
    """Drop a view: their own, or a shared one of a programme that they lead."""
    if view.person_id == actor.person_id:
        return True
    return view.is_shared and actor.has_role_in(Role.PROGRAMME_LEAD, in_=view.programme_id)
