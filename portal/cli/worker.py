"""`flask worker`: the process that sends letters, and tidies up."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.accounts import resets
from portal.delivery import worker
from portal.files import sweep
from portal.kernel import outbox, submissions


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send letters until told to stop (SIGTERM, Ctrl-C)."""
    chores = (outbox.clear_sent, submissions.clear_old, resets.clear_old, sweep.sweep)
    worker.run(current_app._get_current_object(), chores)  # type: ignore[attr-defined]
