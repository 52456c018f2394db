"""Exports the register as CSV. By POST, since exports are recorded in the audit trail."""

from collections.abc import Iterator

from flask import Blueprint, Response
from flask_babel import get_locale, get_timezone

from portal.ethics.risks import commands, labels, register_queries
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web import tables
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.tables import Cell, Table
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("risk_exports", __name__, url_prefix="/projects/<slug>/risks")


@bp.post("/register.csv")
def as_csv(slug: str) -> Response:
    project = get_project(actor, slug)
    if not has_csrf_failure():  # such a request is refused before the commit
        commands.record_register_export(actor, project)
    language = getattr(get_locale(), "language", "fr")
    file = tables.write_csv(_build_table(project), tables.DELIMITERS.get(language, ","))
    response = Response(tables.read_file_for_response(file), mimetype=tables.MIME_TYPES["csv"])
    day = clock.today(str(get_timezone())).isoformat()
    file_label = _("risques")
    name = f"{project.slug}-{file_label}-{day}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _build_table(project: Project) -> Table:
    names = (
        _("N°"),
        _("Risque"),
        str(labels.LABELS["affected"]),
        str(labels.LABELS["likelihood"]),
        str(labels.LABELS["severity"]),
        _("Niveau au départ"),
        str(labels.LABELS["residual_likelihood"]),
        str(labels.LABELS["residual_severity"]),
        _("Niveau aujourd’hui"),
        _("Mesures en place"),
        _("Mesures ouvertes"),
        _("Mesures en retard"),
        str(labels.LABELS["detail"]),
        _("Clos le"),
    )
    title = _("Risques de %(name)s", name=project.short_name)
    rows = list(_iterate_table_rows(project))
    return Table(title=title, sheet=_("risques"), names=names, widths=[20] * len(names), rows=rows)


def _iterate_table_rows(project: Project) -> Iterator[list[Cell]]:
    zone = str(get_timezone())
    for row in register_queries.list_all_risk_rows(actor, project):
        risk = row.risk
        yield [
            risk.number,
            risk.what,
            risk.affected,
            risk.likelihood,
            risk.severity,
            str(labels.LEVELS[risk.initial_level]),
            risk.residual_likelihood,
            risk.residual_severity,
            str(labels.LEVELS[risk.level]),
            row.in_place,
            row.open,
            row.late,
            risk.detail,
            risk.closed_at and clock.day_of(risk.closed_at, zone),
        ]
