"""What a coach prepares a session with, as on its page."""

from typing import Any

from portal.coaching.coach_notes.queries import read_notes_page
from portal.oversight.gates.history_queries import find_next_gate
from portal.oversight.gates.queries import read_states
from portal.oversight.health.api import describe_health
from portal.oversight.health.queries import read_state
from portal.oversight.session_preparation import queries
from portal.oversight.session_preparation.change_queries import list_changes
from portal.oversight.session_preparation.schemas import SessionPreparationSchema
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_advisor

area = ApiArea("coaching")


@area.get("/projects/<slug>/session-preparation", SessionPreparationSchema)
def get_session_preparation(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read what a coach prepares the next session of a team with: what happened and waits since the last."""
    project = get_project(call.actor, slug)
    require_advisor(call.actor, project)
    last = queries.read_last_session(call.actor, project)
    state, gate = read_state(project), find_next_gate(read_states(project))
    return {
        "last_session": last.session and last.session.row,
        "since": last.since,
        "next_on": last.next_on,
        "health": describe_health(state) if state else None,
        "next_gate": gate and gate.definition.number,
        "changes": list_changes(project, last.since),
        "recommendations": queries.list_open_and_recent_advice(call.actor, project, last.since),
        "decisions": queries.list_awaited_decisions(call.actor, project),
        "notes": read_notes_page(call.actor, project).count,
    }
