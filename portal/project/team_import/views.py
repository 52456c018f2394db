"""The page that imports teams: lines, what they would do, and the one button that does it."""

from flask import Blueprint, Response, url_for

from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme, list_tracks
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.tables.csv_file import UnreadableFile
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import render
from portal.platform.web.tables import Table, send_table
from portal.platform.web.writes import write
from portal.project.projects import policy
from portal.project.team_import import labels
from portal.project.team_import.commands import TeamImportCounts, import_teams
from portal.project.team_import.forms import CheckedTeamsForm, TeamLinesForm
from portal.project.team_import.labels import TeamColumn
from portal.project.team_import.queries import TeamsPreview, read_teams_preview

bp = Blueprint("team_imports", __name__, url_prefix="/programmes/<programme>/projects/import")
WIDTH = 24  # characters of a column


@bp.get("")
def index(programme: str) -> Response:
    return _render_page(_get_programme_to_import_into(programme), TeamLinesForm(formdata=None))


@bp.post("")
def check(programme: str) -> Response:
    """Show what the lines would do; nothing is written."""
    parent, form = _get_programme_to_import_into(programme), TeamLinesForm()
    return submit(
        form,
        lambda _values: _read_preview(parent, form.read_text(), "table" if form.table.data else "lines"),
        lambda preview: _render_page(parent, form, preview=preview),
        lambda status: _render_page(parent, form, status),
    )


@bp.post("/confirm")
def confirm(programme: str) -> Response:
    parent, form = _get_programme_to_import_into(programme), CheckedTeamsForm()
    return write(
        form,
        lambda values: _import_or_refuse(parent, values["lines"]),
        message=lambda created: labels.import_result_sentence(created.teams, created.invited),
        to=url_for("programmes.page", slug=programme),
        page=lambda status: _render_refused_page(parent, form, status),
    )


@bp.get("/model.csv")
def download_template(programme: str) -> Response:
    """A file with the names of the columns, to be filled in."""
    parent = _get_programme_to_import_into(programme)
    names = [str(name) for name in labels.HEADINGS.values()]
    table = Table(
        title=parent.name, sheet=_("équipes"), names=names, widths=[WIDTH for _name in names], rows=()
    )
    return send_table(table, "csv", f"{parent.slug}-" + _("equipes"))


def _get_programme_to_import_into(slug: str) -> Programme:
    programme = get_programme(actor, slug)
    require(policy.can_create(actor, programme))
    return programme


def _read_preview(programme: Programme, text: str, field: str) -> TeamsPreview:
    try:
        return read_teams_preview(programme, text)
    except UnreadableFile as refused:
        raise RuleBroken(field, labels.refused_table_sentence(refused.code, refused.facts)) from None


def _import_or_refuse(programme: Programme, text: str) -> TeamImportCounts:
    try:
        return import_teams(actor, programme, text)
    except UnreadableFile as refused:
        raise RuleBroken(None, labels.refused_table_sentence(refused.code, refused.facts)) from None


def _render_refused_page(programme: Programme, form: CheckedTeamsForm, status: int) -> Response:
    """The lines again, as they would be taken now, under the reason."""
    lines = TeamLinesForm(formdata=None, data={"lines": form.lines.data})
    try:
        preview = read_teams_preview(programme, form.lines.data or "")
    except UnreadableFile:
        preview = None
    return _render_page(programme, lines, status, preview=preview, refused=form)


def _render_page(
    programme: Programme,
    form: TeamLinesForm,
    status: int = 200,
    *,
    preview: TeamsPreview | None = None,
    refused: CheckedTeamsForm | None = None,
) -> Response:
    return render(
        "project/team_import/index.html",
        status=status,
        programme=programme,
        form=form,
        preview=preview,
        checked=CheckedTeamsForm(formdata=None, data={"lines": form.lines.data}) if preview else None,
        refused=refused or form,
        labels=labels,
        tracks=[track.name for track in list_tracks(programme.id)],
        column=TeamColumn,
    )
