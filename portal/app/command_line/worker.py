"""`flask worker`: the process that sends mails, runs jobs and deletes old data."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.api.webhooks.jobs import delete_old_deliveries, run_webhooks
from portal.app.administration.verifications import verify_due_trails
from portal.app.archives.departure_jobs import follow_closings, make_programmes_leave
from portal.app.archives.jobs import delete_old_archives, make_due_archives
from portal.collaboration.files import sweep_jobs, text_jobs
from portal.communication.account_joins.jobs import journal_joins
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.funding.change_requests.jobs import record_due_funding_reminders
from portal.funding.reports.jobs import print_due_reports
from portal.oversight.committee_packs.jobs import make_due_packs as make_packs
from portal.people.accounts import reset_commands
from portal.people.privacy.erasure_jobs import advance_erasures
from portal.people.privacy.export_jobs import delete_old_exports, make_due_exports
from portal.people.privacy.retention_jobs import apply_retention, handle_unused_accounts
from portal.platform.kernel import api_answers, idempotency, running_versions, wal_truncation
from portal.platform.kernel.contributions import list_contributions
from portal.platform.mail import worker
from portal.platform.storage.transaction import get_storage
from portal.selection.deliberation.purge_jobs import purge_calls
from portal.selection.imports.jobs import run_due_imports
from portal.selection.ranking.jobs import refresh_due_rankings
from portal.selection.source_replies.jobs import send_due_replies
from portal.sprints.backlog_import import jobs
from portal.user_tests.reports.purge_jobs import purge_due_test_data


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Send mails, import backlogs and applications, create packs until SIGTERM or Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def sweep_files(_before: datetime) -> int:
        return sweep_jobs.sweep_storage(get_storage())

    def read_files() -> int:
        return text_jobs.read_due_texts(get_storage())

    def send_mails() -> int:
        return send_due_mails(kinds_by_code())

    def notify(_before: datetime) -> int:
        """Notify of due dates, as a chore."""
        return notify_due_dates(list_contributions(DueReminderSource))

    chores = (
        follow_closings,
        apply_retention,
        handle_unused_accounts,
        idempotency.delete_old_keys,
        api_answers.delete_old_answers,
        delete_old_deliveries,
        reset_commands.delete_resets_before,
        sweep_files,
        purge_due_test_data,
        purge_calls,
        delete_old_exports,
        delete_old_archives,
        running_versions.delete_old_versions,
        wal_truncation.truncate_wal_now,
        notify,
        record_due_funding_reminders,
    )

    running_versions.start_noting_running_version(app, running_versions.WORKER)
    worker.run_worker(
        app,
        chores,
        jobs=(
            send_mails,
            jobs.run_due_backlog_imports,
            raise_due_triggers,
            make_packs,
            make_due_exports,
            advance_erasures,
            journal_joins,
            print_due_reports,
            refresh_due_rankings,
            run_due_imports,
            send_due_replies,
            read_files,
            run_webhooks,
            verify_due_trails,
            make_due_archives,
            make_programmes_leave,
            wal_truncation.truncate_leftover_wal,
        ),
    )
