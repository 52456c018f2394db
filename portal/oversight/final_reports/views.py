"""Pages: the final report of a project, in French or English, and its PDF."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, send_file, url_for
from flask_babel import get_locale, get_timezone

from portal.oversight.final_reports import policy, queries
from portal.oversight.final_reports.documents import build_report
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, Document, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail
from portal.user_tests.rounds.labels import LANGUAGES

bp = Blueprint("outcomes", __name__, url_prefix="/projects/<slug>/outcome")


@bp.get("")
def landing(slug: str) -> Response:
    """Redirect to the report in the reader's language."""
    queries.get_project_with_report(actor, slug)
    language = "en" if getattr(get_locale(), "language", "fr") == "en" else "fr"
    return redirect_to_path(url_for(".page", slug=slug, language=language))


@bp.get("/<any(fr, en):language>")
def page(slug: str, language: str) -> Response:
    project = queries.get_project_with_report(actor, slug)
    return render(
        "oversight/final_reports/page.html",
        project=project,
        language=language,
        languages=LANGUAGES,
        report=_document(project, language),
        trail=_trail(project),
    )


@bp.get("/<any(fr, en):language>.pdf")
def download(slug: str, language: str) -> Response:
    """Send the report as a tagged PDF."""
    project = queries.get_project_with_report(actor, slug)
    pdf = print_pdf(Document.REPORT, _document(project, language), clock.now())
    name = f"{project.slug}-outcome-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _document(project: Project, language: str) -> dict[str, Any]:
    return build_report(queries.read_facts(project), language, clock.today(str(get_timezone())))


def _trail(project: Project) -> Trail:
    """Breadcrumb to the project if the actor reads its pages, else to the portfolio."""
    if policy.can_read_project(actor, project):
        return [(project.short_name, url_for("projects.page", slug=project.slug))]
    return [(_("Portefeuille"), url_for("portfolio.index"))]
