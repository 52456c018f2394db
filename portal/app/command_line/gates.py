"""`flask gates`: recomputes gates, health and open issues of all projects; forecasts a plan."""

import json
from pathlib import Path

import click

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.oversight.gates import projections
from portal.oversight.gates.forecast_schemas import InvalidPlan, build_forecast_from_text
from portal.oversight.health import projections as health_projections
from portal.oversight.health import queries
from portal.oversight.open_issues import projections as concerns
from portal.platform.kernel import audit
from portal.platform.kernel.database import transaction

JUDGED = audit.Action("gates.judged")  # of a project; what was read of it before is read anew
group = DatabaseCommandGroup("gates", help="Gates and health of projects.")


@group.command("judge")
def evaluate_all_projects() -> None:
    """Recompute gates, health and open issues of all projects, as after an upgrade.

    Unchanged results are not stored again.
    """
    count = 0
    for project_id in queries.list_all_project_ids():
        with transaction():
            project = queries.find_project_for_command_line(project_id)
            if project is not None:
                projections.judge_project_gates(project)
                health_projections.refresh_project_reading(project)
                concerns.refresh_project_figures(project)
                audit.record(None, JUDGED, project, scope_id=project.id)
                count += 1
    click.echo(f"{count} projects judged.")


@group.command("forecast")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def forecast_plan(file: Path) -> None:
    """Print the forecast of the open gates of a plan, or of a list of plans, as JSON.

    FILE is JSON: {"today": day, "gates": [{"number", "due", "passed": day or null, "waived"}],
    "steps": [days]}. It is computed without the database, by the portal's own rule.
    """
    try:
        answer = build_forecast_from_text(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text in UTF-8.") from None
    except InvalidPlan as invalid:
        raise click.ClickException(f"{file} holds no plan to forecast:\n{invalid}") from None
    except OSError as failed:
        raise click.ClickException(f"{file} cannot be read: {failed.strerror}.") from None
    click.echo(json.dumps(answer, indent=1))
