"""`flask gates`: recomputes gates, health and open issues of all projects."""

import click

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.oversight.gates import projections
from portal.oversight.health import projections as health_projections
from portal.oversight.health import queries
from portal.oversight.open_issues import projections as concerns
from portal.platform.kernel.database import transaction

group = DatabaseCommandGroup("gates", help="Gates and health of projects.")


@group.command("judge")
def evaluate_all_gates() -> None:
    """Recompute gates, health and open issues of all projects, as after an upgrade.

    Unchanged results are not stored again.
    """
    count = 0
    for project_id in queries.list_project_ids():
        with transaction():
            project = queries.find_project(project_id)
            if project is not None:
                projections.judge_project(project)
                health_projections.refresh_project(project)
                concerns.refresh_project(project)
                count += 1
    click.echo(f"{count} projects judged.")
