"""The page where an administrator lands, how the installation is; what waits for the worker."""

from flask import Blueprint, Response, url_for

from portal.api.webhooks import labels as webhook_labels
from portal.app.administration import backups, checks, commands, policy, queues, state_labels
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.labels import size_in_words
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write_button
from portal.selection.imports import labels as import_labels

bp = Blueprint("installation", __name__, url_prefix="/administration")


@bp.get("")
def index() -> Response:
    policy.require_administrator(actor)
    return render(
        "app/administration/state.html",
        checks=checks.list_check_results(queues.list_worker_reports()),
        imports=queues.list_last_call_imports(),
        webhooks=queues.list_all_webhooks(),
        copies=[
            backups.find_last_copy_or_check(backups.BACKED_UP),
            backups.find_last_copy_or_check(backups.CHECKED),
        ],
        badges=checks.BADGES,
        import_labels=import_labels,
        webhook_labels=webhook_labels,
        size_in_words=size_in_words,
        is_empty=not list_programmes(actor),
    )


@bp.get("/jobs")
def jobs() -> Response:
    """What waits for the worker, and how its jobs went."""
    policy.require_administrator(actor)
    return render(
        "app/administration/jobs.html",
        queues=queues.list_queues(),
        reports=[
            (report, checks.is_worker_report_late(report), state_labels.list_job_lines(report))
            for report in queues.list_worker_reports()
        ],
    )


@bp.post("/mail-test")
def send_test_mail() -> Response:
    policy.require_administrator(actor)
    return write_button(
        lambda: commands.send_test_mail(actor),
        message=_(
            "Un courriel d’essai part à votre adresse. Il est dans la liste, et dans votre boîte s’il arrive."
        ),
        to=url_for("letters.index", state="waiting"),
        page=lambda _status, _form: redirect_to("letters.index"),
    )
