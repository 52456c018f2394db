"""Pages: the final report of a project, in French or English, its PDF, its line in the project."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, send_file, url_for
from flask_babel import get_timezone

from portal.oversight.final_reports import queries
from portal.oversight.final_reports.documents import build_report
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine
from portal.project.projects.workspace_views import Trail
from portal.user_tests.rounds.labels import LANGUAGES

bp = Blueprint("outcomes", __name__, url_prefix="/projects/<slug>/outcome")


@bp.get("")
def redirect_to_reader_language(slug: str) -> Response:
    """Redirect to the report in the reader's language."""
    queries.get_project_with_report(actor, slug)
    language = in_reader_language("fr", "en")
    return redirect_to_path(url_for(".page", slug=slug, language=language))


@bp.get("/<any(fr, en):language>")
def page(slug: str, language: str) -> Response:
    project = queries.get_project_with_report(actor, slug)
    return render(
        "oversight/final_reports/page.html",
        project=project,
        language=language,
        languages=LANGUAGES,
        report=build_current_report(project, language),
        trail=_build_report_trail(project),
    )


@bp.get("/<any(fr, en):language>.pdf")
def download(slug: str, language: str) -> Response:
    """Send the report as a tagged PDF."""
    project = queries.get_project_with_report(actor, slug)
    pdf = print_pdf(DocumentKind.REPORT, build_current_report(project, language))
    name = f"{project.slug}-outcome-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def build_current_report(project: Project, language: str) -> dict[str, Any]:
    """The report of a project in a language, as it is today."""
    day = clock.today(str(get_timezone()))
    key = "final report", project.id, language, day
    return cache_until_change(
        actor, key, lambda: build_report(queries.read_report_facts(project), language, day)
    )


def _build_report_trail(project: Project) -> Trail:
    """Breadcrumb to the project if the actor reads its pages, else to the portfolio."""
    if projects.can_read(actor, project):
        return [(project.short_name, url_for("projects.page", slug=project.slug))]
    return [(_("Portefeuille"), url_for("portfolio.index"))]


def build_report_link_lines(_actor: Actor, project: Project, _values: Sequence[Any]) -> Sequence[SectionLine]:
    """Return the line that links to the report."""
    status = _("À lire") if project.is_over else _("Tel qu’il serait aujourd’hui")
    url = url_for("outcomes.redirect_to_reader_language", slug=project.slug)
    return [SectionLine(_("Rapport de fin d’accompagnement"), status, url, not project.is_over)]


PROJECT_SECTION = ProjectSection(build_report_link_lines)
