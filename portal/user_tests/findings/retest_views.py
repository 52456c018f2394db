"""A round and findings: what it says of those of earlier versions, and how much it found."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import build_trail, get_writable_project
from portal.user_tests.findings import labels, policy, queries
from portal.user_tests.findings.discovery_queries import read_finding_figures
from portal.user_tests.findings.forms import make_retest_form
from portal.user_tests.findings.list_queries import list_retest_candidates
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.retest_commands import note_retests
from portal.user_tests.rounds.queries import has_sessions
from portal.user_tests.statistics import comparison_labels
from portal.user_tests.statistics import labels as figures

bp = Blueprint("retests", __name__, url_prefix="/projects/<slug>/tests")
ROUND_FINDINGS_PATH = "/<int(max=9999):number>/findings"


@bp.route(ROUND_FINDINGS_PATH, methods=["GET", "POST"])
def page(slug: str, number: int) -> Response:
    reading = request.method in SAFE_METHODS
    project = get_project(actor, slug) if reading else get_writable_project(slug)
    round_, version = queries.get_round(actor, project, number)
    candidates = list_retest_candidates(actor, project, round_, version)
    kind = make_retest_form(candidates)
    form = kind(formdata=None) if reading else kind()

    def again(status: int = 200) -> Response:
        now = (
            candidates if status == 200 else list_retest_candidates(actor, project, round_, version)
        )
        form.refresh_stored_results(now)
        return render(
            "user_tests/findings/round.html",
            fragment="form",
            status=status,
            project=project,
            round=round_,
            version=version,
            trail=build_trail(
                project,
                (_("Tests"), url_for("rounds.index", slug=slug)),
                (_("Série %(n)s", n=number), url_for("rounds.page", slug=slug, number=number)),
            ),
            known=now,
            is_tried=has_sessions(round_),
            form=form,
            found=read_finding_figures(round_),
            can_write=policy.can_write(actor, project),
            words=labels,
            figures=figures,
            differences=comparison_labels,
        )

    if reading:
        return again()

    def act(values: dict[str, Any]) -> Sequence[Finding]:
        entries, knowingly = form.answers(), values["knowingly"]
        return note_retests(actor, project, round_, version, entries, knowingly=knowingly)

    def on_success(changed: Sequence[Finding]) -> Response:
        flash(_retest_message(changed))
        return redirect_to_path(url_for(".page", slug=slug, number=number))

    return submit(form, act, on_success, again)


def _retest_message(changed: Sequence[Finding]) -> str:
    """How many were answered, and how many of these that closed."""
    if not changed:
        return _("Rien n’a changé.")
    checked = ngettext("%(num)s constat vérifié", "%(num)s constats vérifiés", len(changed))
    closed = sum(finding.closed_at is not None for finding in changed)
    ends = ngettext("%(num)s clos", "%(num)s clos", closed)
    unrated = sum(finding.closed_at is None and finding.severity is None for finding in changed)
    if not unrated:
        return _("%(told)s, %(ends)s.", told=checked, ends=ends)
    return _(
        "%(told)s, %(ends)s. %(rest)s",
        told=checked,
        ends=ends,
        rest=ngettext(
            "%(num)s reste ouvert : sa gravité n’est pas évaluée.",
            "%(num)s restent ouverts : leur gravité n’est pas évaluée.",
            unrated,
        ),
    )
