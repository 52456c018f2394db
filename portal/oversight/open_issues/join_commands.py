"""Gates, health and open issues of projects in which two accounts became one person."""

from portal.oversight.gates import projections as gate_projections
from portal.oversight.gates.queries import list_projects_in_id_order
from portal.oversight.health import projections as health_projections
from portal.oversight.open_issues import projections
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.personal_data import JoinedAccounts

BATCH = 500


def refresh_projects_of_joined_accounts(joined: JoinedAccounts) -> None:
    """Read anew the projects that the rows belong to: who counted as two there counts as one."""
    row_ids = joined.row_ids
    batches = [row_ids[begin : begin + BATCH] for begin in range(0, len(row_ids), BATCH)]
    projects = [project for batch in batches for project in list_projects_in_id_order(batch)]
    for programme_id in sorted({project.programme_id for project in projects}):
        lock_row(Programme, programme_id)
    for project in projects:
        gate_projections.judge_project_gates(project)
        health_projections.refresh_project_reading(project)
        projections.refresh_project_figures(project)
