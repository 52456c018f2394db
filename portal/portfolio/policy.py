"""Who reads whose portfolio. No other file decides this."""

from sqlalchemy import ColumnElement, or_, select

from portal.kernel.access import Actor, Role
from portal.programmes import policy as programmes
from portal.programmes.models import Programme, Scope
from portal.projects import policy as projects
from portal.projects.models import Project

COACHES = programmes.COACHES


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Programmes whose portfolio opens: read in it, coach in it, or coach one of its teams."""
    own = actor.scopes_with(*programmes.PORTFOLIO_READERS, *COACHES)
    coached = select(Scope.parent_id).where(Scope.id.in_(actor.scopes_with(*COACHES)))
    return or_(Programme.id.in_(own), Programme.id.in_(coached))


def teams_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Every team of the programmes read, and the teams coached."""
    read = actor.scopes_with(*programmes.PORTFOLIO_READERS)
    return or_(Project.programme_id.in_(read), coached_by(actor))


def coached_by(actor: Actor) -> ColumnElement[bool]:
    return Project.id.in_(actor.scopes_with(*COACHES))


def helped_by(actor: Actor) -> ColumnElement[bool]:
    """Teams whose requests for help reach the actor: as their coach, or as the programme's lead."""
    return or_(Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD)), coached_by(actor))


def can_see_all(actor: Actor, programme: Programme) -> bool:
    """All teams of the programme, not only those coached."""
    return actor.holds(*programmes.PORTFOLIO_READERS, in_=programme.id)


def can_read_team(actor: Actor, project: Project) -> bool:
    """Read the project itself, and what is said in it. The portfolio alone opens neither."""
    return actor.holds(*programmes.PROJECT_READERS, in_=project.id) or projects.can_lead_programme(
        actor, project
    )


def can_create_team(actor: Actor, programme: Programme) -> bool:
    return projects.can_create(actor, programme)
