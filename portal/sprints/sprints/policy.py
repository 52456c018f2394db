"""Who may do what with a sprint. No other file decides this."""

from sqlalchemy import ColumnElement, select

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.sprints.models import Sprint, SprintState

# What the history of a sprint tells; a draft is the team's own.
HISTORY_ACTIONS = (
    "sprint.planned",
    "sprint.replanned",
    "sprint.started",
    "sprint.closed",
    "sprint.relogged",
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Sprints of the projects that the actor reads."""
    return Sprint.project_id.in_(select(Project.id).where(projects.visible_to(actor)))


# The same question for a statement that is made once; `reach_of` an actor fills it.
VISIBLE = programmes.reads_project_bound(Sprint.__table__.c.project_id)
reach_of = programmes.reach_parameters


def can_write(actor: Actor, project: Project) -> bool:
    """Anything at all in the team's name, now or later: asked before a form is looked at."""
    return projects.is_on_team(actor, project)


def can_plan(actor: Actor, project: Project) -> bool:
    return projects.can_work(actor, project)


def can_edit_plan(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Goal, dates and capacity, until the close."""
    return sprint.state is not SprintState.CLOSED and projects.can_work(actor, project)


def can_start(actor: Actor, project: Project, sprint: Sprint) -> bool:
    return sprint.state is SprintState.PLANNED and projects.can_work(actor, project)


def can_drop(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """A plan that was never started may go."""
    return can_start(actor, project, sprint)


def can_close(actor: Actor, project: Project, sprint: Sprint) -> bool:
    return sprint.state is SprintState.ACTIVE and projects.can_work(actor, project)


def can_edit_log(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Mend the log of a closed sprint; the history keeps what it said."""
    return sprint.state is SprintState.CLOSED and projects.can_work(actor, project)


def can_see_draft(actor: Actor, project: Project) -> bool:
    """What the team has typed and not yet sent is the team's."""
    return projects.can_work(actor, project)


def can_see_pace(actor: Actor, project: Project) -> bool:
    """Velocity, throughput and the forecast are the team's and its coaches'; nobody ranks teams.

    A measure that is not offered, not a secret: whoever reads the project reads its items.
    """
    return actor.has_role_in(*programmes.TEAM, *programmes.COACHES, in_=project.id)
