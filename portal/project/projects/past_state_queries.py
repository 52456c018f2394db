"""The state of projects at a past moment, from the audit trail."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from portal.platform.kernel.history import map_past_values_by_row
from portal.project.projects.models import Project, ProjectState, compute_project_state


def read_past_project_states(projects: Iterable[Project], moment: datetime) -> Mapping[UUID, ProjectState]:
    """The state of each project at a moment; at most three statements."""
    rows = {project.id: project for project in projects}
    then = map_past_values_by_row(rows, moment)
    names = ("stopped_on", "finished_on", "paused_on")
    return {
        id_: compute_project_state(*(then[id_].get(name, getattr(project, name)) for name in names))
        for id_, project in rows.items()
    }
