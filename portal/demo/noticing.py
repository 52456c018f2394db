"""Has the health of a demonstration's project read as its story goes.

Where a portal is used, each deed is a transaction, and health is read in it. A story is told in one
transaction, so its health is read here: at what people look back on, each of which brings what was
done since the one before with it.
"""

from portal.gates import commands as gates
from portal.gates import evaluating
from portal.health import recording
from portal.health.gathering import Part
from portal.kernel.audit import unsealed
from portal.kernel.db import db
from portal.projects import commands as projects
from portal.projects.models import Project
from portal.sprints import commands as sprints

LOOKED_BACK_ON = frozenset(
    action.code
    for action in (
        gates.DECLARED,
        gates.ACCEPTED,
        gates.REFUSED,
        gates.WAIVED,
        evaluating.STALE,
        evaluating.PROVED,
        evaluating.UNPROVED,
        sprints.CLOSED,
        projects.STOPPED,
    )
)


class Notice:
    """Of one project, as long as its story is told."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._seen = len(unsealed(db.session()))
        self._touched: frozenset[Part] = frozenset()

    def take(self) -> None:
        """After a deed, at its moment."""
        lines = unsealed(db.session())[self._seen :]
        self._seen += len(lines)
        for line in lines:
            self._touched |= recording.touches(line)
        if any(line.action in LOOKED_BACK_ON for line in lines):
            recording.read_project(self.project, self._touched)
            self._touched = frozenset()
