"""Findings of a round: retests of earlier findings, and how much the round found."""

from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import get_writable_project
from portal.user_tests.findings import labels, policy, queries
from portal.user_tests.findings.discovery_queries import read_round_finding_figures
from portal.user_tests.findings.forms import make_retest_form_class
from portal.user_tests.findings.list_queries import list_retest_candidates
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.retest_commands import note_retests
from portal.user_tests.rounds.page_views import trail_to_round
from portal.user_tests.rounds.queries import has_counted_sessions
from portal.user_tests.statistics import comparison_labels
from portal.user_tests.statistics import labels as statistics_labels

bp = Blueprint("retests", __name__, url_prefix="/projects/<slug>/tests")
ROUND_FINDINGS_PATH = "/<int(max=9999):number>/findings"


@bp.route(ROUND_FINDINGS_PATH, methods=["GET", "POST"])
def page(slug: str, number: int) -> Response:
    reading = request.method in SAFE_METHODS
    project = get_project(actor, slug) if reading else get_writable_project(slug)
    round_, version = queries.get_round_with_version(actor, project, number)
    candidates = list_retest_candidates(actor, project, round_, version)
    form_class = make_retest_form_class(candidates)
    form = form_class(formdata=None) if reading else form_class()

    def show_page(status: int = 200) -> Response:
        current = candidates if status == 200 else list_retest_candidates(actor, project, round_, version)
        form.refresh_stored_results(current)
        return render(
            "user_tests/findings/round.html",
            fragment="form",
            status=status,
            project=project,
            round=round_,
            version=version,
            trail=trail_to_round(project, round_),
            candidates=current,
            has_sessions=has_counted_sessions(round_),
            form=form,
            finding_figures=read_round_finding_figures(round_),
            can_write=policy.can_write(actor, project),
            labels=labels,
            statistics_labels=statistics_labels,
            comparison_labels=comparison_labels,
        )

    return write(
        form,
        lambda values: note_retests(
            actor, project, round_, version, form.answers(), knowingly=values["knowingly"]
        ),
        message=_retests_noted_message,
        to=url_for(".page", slug=slug, number=number),
        page=show_page,
    )


def _retests_noted_message(changed: Sequence[Finding]) -> str:
    """Return how many findings were checked, how many of them closed, how many wait for a
    rating."""
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
