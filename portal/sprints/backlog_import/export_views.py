"""Exports of the backlog: all items that match the filters of the page, as CSV or XLSX.

Requested by POST, because an export is recorded in the audit trail.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask_babel import get_locale, get_timezone

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.sprints.backlog import labels
from portal.sprints.backlog.filter_schemas import read_filters
from portal.sprints.backlog.item_list_queries import BacklogFilters
from portal.sprints.backlog.views import list_assignees
from portal.sprints.backlog_import import commands, queries, table_exports
from portal.sprints.backlog_import.address_views import backlog_url
from portal.sprints.backlog_import.table_exports import Cell, Table

bp = Blueprint("exports", __name__, url_prefix="/projects/<slug>/backlog")


@bp.post("/export.csv")
def as_csv(slug: str) -> Response:
    project = _record_export(slug, "csv")
    language = getattr(get_locale(), "language", "fr")
    return _send_file(
        project,
        "csv",
        table_exports.write_csv(_table(project), table_exports.DELIMITERS.get(language, ",")),
    )


@bp.post("/export.xlsx")
def as_xlsx(slug: str) -> Response:
    project = _record_export(slug, "xlsx")
    return _send_file(project, "xlsx", table_exports.write_xlsx(_table(project)))


def _record_export(slug: str, kind: str) -> Project:
    project = get_project(actor, slug)
    if not has_csrf_failure():  # the request is refused later, so nothing is recorded
        commands.export_backlog(actor, project, kind)
    return project


def _send_file(project: Project, kind: str, file: IO[bytes]) -> Response:
    day = clock.today(str(get_timezone())).isoformat()
    response = Response(table_exports.iterate_pieces(file), mimetype=table_exports.MIME_TYPES[kind])
    file_label = _("carnet")
    name = f"{project.slug}-{file_label}-{day}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _table(project: Project) -> Table:
    filters, _ignored = read_filters(request.args, [id_ for id_, _name in list_assignees(project)])
    return Table(
        title=_("Carnet du projet %(name)s", name=project.short_name),
        sheet=_("Carnet"),
        names=(
            _("N°"),
            _("Titre"),
            _("Nature"),
            _("État"),
            _("Points"),
            _("Qui s’en occupe ?"),
            _("Sprint"),
            _("Ce qui bloque"),
            _("Description"),
            _("Créé le"),
            _("Fini le"),
            _("Adresse"),
        ),
        widths=(6, 60, 22, 12, 8, 24, 8, 30, 60, 12, 12, 40),
        rows=_rows(project, filters),
    )


def _rows(project: Project, filters: BacklogFilters) -> Iterator[list[Cell]]:
    base_url, zone = backlog_url(project), ZoneInfo(str(get_timezone()))

    def day(moment: datetime | None) -> Cell:
        return moment and moment.astimezone(zone).date()

    for row in queries.iterate_items(project, filters):
        state = _("Abandonné") if row.gone_at else str(labels.STATES[row.state])
        yield [
            row.number,
            row.title,
            str(labels.KINDS[row.kind]),
            state,
            row.points,
            row.assignee,
            row.sprint,
            row.block_reason,
            row.description,
            day(row.created_at),
            day(row.done_at),
            f"{base_url}/{row.number}",
        ]
