"""`flask worker`: the process that sends letters."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.delivery import worker


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send letters until told to stop (SIGTERM, Ctrl-C)."""
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]
