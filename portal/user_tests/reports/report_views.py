"""A round's report as a page and a PDF, in French or English; the reports of a programme."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, send_file, url_for
from flask_babel import get_timezone

from portal.people.programmes import policy as programmes
from portal.people.programmes.queries import get_programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render
from portal.project.projects.workspace_views import Trail
from portal.user_tests.reports import policy, queries
from portal.user_tests.reports.report_documents import build_report
from portal.user_tests.reports.views import reader_language
from portal.user_tests.rounds.labels import LANGUAGES
from portal.user_tests.rounds.page_views import trail_to_round

bp = Blueprint("test_reports", __name__)
REPORT_PATH = "/projects/<slug>/tests/<int(max=9999):number>/report/<any(fr, en):language>"


@bp.get(REPORT_PATH)
def page(slug: str, number: int, language: str) -> Response:
    subject = queries.get_round_to_report(actor, slug, number)
    return render(
        "user_tests/reports/report.html",
        subject=subject,
        language=language,
        report=_read_report(subject, language),
        languages=LANGUAGES,
        trail=_build_report_trail(subject),
    )


@bp.get(f"{REPORT_PATH}.pdf")
def download(slug: str, number: int, language: str) -> Response:
    """Send the report as a tagged PDF."""
    subject = queries.get_round_to_report(actor, slug, number)
    pdf = print_pdf(DocumentKind.REPORT, _read_report(subject, language))
    name = f"{subject.project.slug}-{number}-report-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _read_report(subject: queries.RoundToReport, language: str) -> dict[str, Any]:
    day = clock.today(str(get_timezone()))
    return cache_until_change(
        actor,
        ("test report", subject.round.id, language, day),
        lambda: build_report(queries.read_report_facts(subject), language, day),
    )


def _build_report_trail(subject: queries.RoundToReport) -> Trail:
    """Return the trail through the project, if the actor may read it, else through the reports."""
    if not policy.can_read_project(actor, subject.project):
        slug = queries.get_programme_slug(subject.project)
        return [(_("Rapports de test"), url_for("test_reports.index", slug=slug))]
    return trail_to_round(subject.project, subject.round)


@bp.get("/programmes/<slug>/test-reports")
def index(slug: str) -> Response:
    programme = get_programme(actor, slug)
    if not programmes.can_read_reports(actor, programme):
        raise NotFound
    return render(
        "user_tests/reports/index.html",
        fragment="list",
        programme=programme,
        reports=queries.read_reported_rounds_page(programme, requested_page_number()),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        reader_language=reader_language(),
    )
