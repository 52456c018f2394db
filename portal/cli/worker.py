"""`flask worker`: the process that sends letters, brings backlogs in, and tidies up."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.accounts import resets
from portal.delivery import worker
from portal.exchange import jobs
from portal.exchange.commands import clear_expired
from portal.files import sweep
from portal.kernel import erasure, outbox, submissions
from portal.notifications.commands import clear_old as clear_notifications
from portal.notifications.days import tell_due
from portal.notifications.post import send_due
from portal.packs.jobs import run_due as make_packs
from portal.rereviews.rounds import raise_due
from portal.test_reports.purge import purge_due
from portal.user_tests import import_commands


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send letters, bring backlogs in, make packs, until told to stop (SIGTERM, Ctrl-C)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def remind(_before: datetime) -> int:
        """Of the days that come, and of those that have passed."""
        return tell_due(app.extensions["notification_dues"])

    chores = (
        outbox.clear_sent,
        clear_notifications,
        submissions.clear_old,
        resets.clear_old,
        sweep.sweep,
        clear_expired,
        import_commands.clear_expired,
        purge_due,
        erasure.cut_log,
        remind,
    )

    worker.run(app, chores, jobs=(send_due, jobs.run_due, raise_due, make_packs, erasure.cut_left))
