"""Permissions on figures and reports of tests.

Who reads a project in full reads all of them. Who watches over a programme without belonging to a
project (auditors, funders) reads the report of a round once it is over; until then it is a draft.
A report holds sums, and no participant.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import TestRound


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Return the condition for rounds on pages of the project itself."""
    return projects.visible_by_project_column(actor, project_id)


def report_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for rounds whose report the actor may read."""
    is_watched = Project.programme_id.in_(actor.scopes_with(*programmes.REPORT_READERS))
    watched_ids = select(Project.id).where(is_watched)
    return or_(
        visible_within(actor, TestRound.project_id),
        and_(TestRound.ended_on.is_not(None), TestRound.project_id.in_(watched_ids)),
    )


def can_read_project(actor: Actor, project: Project) -> bool:
    """Whether the actor may read the project’s own pages, so that links to them work."""
    return projects.can_read(actor, project)


def can_close_coverage_gap(actor: Actor, project: Project) -> bool:
    """Whether the actor may close a gap in the coverage."""
    return projects.can_write_team_work(actor, project)
