"""`flask gates`: the gates of all projects, judged again."""

import click
from flask.cli import AppGroup

from portal.gates import evaluating, queries
from portal.kernel.db import transaction

group = AppGroup("gates", help="Gates of projects.")


@group.command("judge")
def judge() -> None:
    """Judge all gates of all projects that are not over, as after an upgrade; what says nothing new
    is not kept again."""
    count = 0
    for project_id in queries.list_living():
        with transaction():
            project = queries.get_living(project_id)
            if project is not None:
                evaluating.judge_project(project)
                count += 1
    click.echo(f"{count} projects judged.")
