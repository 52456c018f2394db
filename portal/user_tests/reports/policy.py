"""Who reads what all tests of a project say together. No other file decides this.

Whoever reads a project in full reads all of it. Whoever watches over a programme without belonging
to a project (auditors, funders of the State) reads the report of a round once it is over, and
nothing before: what is under way is a draft. A report holds sums, and no participant.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import TestRound


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Rounds, by the column of their project, for the pages of the project itself."""
    return projects.visible_within(actor, project_id)


def report_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Rounds whose report the actor reads."""
    within = Project.programme_id.in_(actor.scopes_with(*programmes.REPORT_READERS))
    watched = select(Project.id).where(within)
    return or_(
        visible_within(actor, TestRound.project_id),
        and_(TestRound.ended_on.is_not(None), TestRound.project_id.in_(watched)),
    )


def can_read_project(actor: Actor, project: Project) -> bool:
    """Whether the project's own pages open too: nobody is led to a page that does not."""
    return projects.can_read(actor, project)


def can_write(actor: Actor, project: Project) -> bool:
    """Do something about what is missing."""
    return projects.can_work(actor, project)
