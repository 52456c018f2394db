"""Has the health of a demonstration's project read as its story goes.

Where a portal is used, each deed is a transaction, and health is read in it. A story is told in one
transaction, so its health is read here: at what people look back on, each of which brings what was
done since the one before with it.
"""

from portal.oversight.gates import commands as gates
from portal.oversight.gates import projections
from portal.oversight.health import dependency_projections
from portal.oversight.health import projections as health_projections
from portal.oversight.health.fact_queries import HealthFactPart
from portal.platform.kernel.audit import list_unsealed
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.models import Project
from portal.sprints.sprints import commands as sprints

HEALTH_ACTIONS = frozenset(
    action.code
    for action in (
        gates.DECLARED,
        gates.ACCEPTED,
        gates.REFUSED,
        gates.WAIVED,
        projections.STALE,
        projections.PROVED,
        projections.UNPROVED,
        sprints.CLOSED,
        projects.STOPPED,
    )
)


class HealthRecorder:
    """Of one project, as long as its story is told."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._seen = len(list_unsealed(db.session()))
        self._touched: frozenset[HealthFactPart] = frozenset()

    def record_step(self) -> None:
        """After a deed, at its moment."""
        lines = list_unsealed(db.session())[self._seen :]
        self._seen += len(lines)
        for line in lines:
            self._touched |= dependency_projections.PROJECTION.parts_of(line)
        if any(line.action in HEALTH_ACTIONS for line in lines):
            health_projections.refresh_project(self.project, self._touched)
            self._touched = frozenset()
