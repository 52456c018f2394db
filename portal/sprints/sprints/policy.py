"""Permissions on sprints. No other file decides them."""

from sqlalchemy import ColumnElement, select

from portal.people.programmes import policy as programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.sprints.models import UNDO_TIME, Sprint, SprintState

CLOSE_CODE = "sprint.closed"  # the audit action by which queries find the close of a sprint
START_CODE = "sprint.started"
HELP_CODE = "sprint.help_asked"
# Audit actions that the history page shows. Drafts are for the team alone.
HISTORY_ACTIONS = (
    "sprint.planned",
    "sprint.replanned",
    START_CODE,
    "sprint.start_undone",
    HELP_CODE,
    "sprint.help_withdrawn",
    CLOSE_CODE,
    "sprint.close_undone",
    "sprint.relogged",
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Sprints of the projects that the actor reads."""
    return Sprint.project_id.in_(select(Project.id).where(projects.visible_to(actor)))


def can_read(actor: Actor, project: Project) -> bool:
    """Whether the actor reads the sprints of a project: asked of the roles, without a statement."""
    return projects.can_read(actor, project)


def can_plan(actor: Actor, project: Project) -> bool:
    """Plan sprints: the team of an active project."""
    return projects.can_write_team_work(actor, project)


def can_edit_plan(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Change goal, dates and capacity, until the close."""
    return sprint.state is not SprintState.CLOSED and projects.can_write_team_work(actor, project)


def can_start(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Start a planned sprint."""
    return sprint.state is SprintState.PLANNED and projects.can_write_team_work(actor, project)


def can_drop(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Delete a plan that was never started, and in which no help is asked for."""
    return can_start(actor, project, sprint) and sprint.help_asked_at is None


def can_close(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Close the sprint in progress, or save a draft of its log."""
    return sprint.state is SprintState.ACTIVE and projects.can_write_team_work(actor, project)


def can_edit_log(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Correct the log of a closed sprint."""
    return sprint.state is SprintState.CLOSED and projects.can_write_team_work(actor, project)


def can_undo(actor: Actor, project: Project, sprint: Sprint) -> bool:
    """Undo the start of a running sprint, or the close of a closed one, within the hour. What was
    done meanwhile is for the command to see."""
    at = sprint.closed_at or sprint.started_at
    return at is not None and clock.now() - at <= UNDO_TIME and projects.can_write_team_work(actor, project)


def can_see_pace(actor: Actor, project: Project) -> bool:
    """See velocity, throughput and forecast: the team and its coaches, so that nobody ranks teams.

    The figures are not secret: whoever reads the project could count its items.
    """
    return actor.has_role_in(*programmes.TEAM, *programmes.COACHES, in_=project.id)


def can_see_forecast(actor: Actor, project: Project) -> bool:
    """See when the backlog would end, and what would be left of a sprint: while the project goes on."""
    return projects.is_project_active(project) and can_see_pace(actor, project)
