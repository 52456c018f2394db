"""Exports of the backlog: all items that match the filters of the page, as CSV or XLSX.

Requested by POST, because an export is recorded in the audit trail.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask_babel import get_timezone

from portal.platform.kernel import clock
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.web import tables
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.tables import Cell, Table
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_team_choices
from portal.sprints.backlog import labels
from portal.sprints.backlog.filter_schemas import read_filters
from portal.sprints.backlog.item_list_queries import BacklogFilters
from portal.sprints.backlog_import import commands, queries

bp = Blueprint("exports", __name__, url_prefix="/projects/<slug>/backlog")


@bp.post("/export.csv", endpoint="as_csv", defaults={"extension": "csv"})
@bp.post("/export.xlsx", endpoint="as_xlsx", defaults={"extension": "xlsx"})
def export(slug: str, extension: str) -> Response:
    project = get_project(actor, slug)
    if not has_csrf_failure():  # the request is refused later, so nothing is recorded
        commands.record_backlog_export(actor, project, extension)
    day = clock.today(str(get_timezone())).isoformat()
    file_label = _("carnet")
    return tables.send_table(_build_backlog_table(project), extension, f"{project.slug}-{file_label}-{day}")


def _build_backlog_table(project: Project) -> Table:
    filters, _ignored = read_filters(request.args, [id_ for id_, _name in list_team_choices(project)])
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
        rows=_iterate_item_rows(project, filters),
    )


def _iterate_item_rows(project: Project, filters: BacklogFilters) -> Iterator[list[Cell]]:
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


def backlog_url(project: Project) -> str:
    """The absolute URL of a project's backlog; that of an item adds a slash and its number."""
    settings = get_service(Settings)
    return settings.public_base_url + url_for("backlog.index", slug=project.slug)
