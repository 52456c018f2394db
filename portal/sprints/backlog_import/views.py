"""Importing a backlog: upload, comparison, choices, decisions, confirmation."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, Form
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_team_choices
from portal.project.projects.work_commands import require_team_member
from portal.sprints.backlog.commands import require_team_and_still_allowed
from portal.sprints.backlog_import import commands, labels, policy, queries
from portal.sprints.backlog_import.comparison_rules import ImportLineOutcome
from portal.sprints.backlog_import.export_views import backlog_url
from portal.sprints.backlog_import.forms import BacklogUploadForm, ImportChoicesForm, OverwriteDecisionsForm
from portal.sprints.backlog_import.models import BacklogImport, ImportStage
from portal.sprints.backlog_import.tool_rules import ImportField

bp = Blueprint("imports", __name__, url_prefix="/projects/<slug>/backlog")
IMPORT_PATH = "/imports/<uuid:import_id>"


@bp.get("/import")
def show_upload_page(slug: str) -> Response:
    project = get_project(actor, slug)
    require_team_and_still_allowed(actor, project, policy.can_import(actor, project), "")
    return _render_upload(project, BacklogUploadForm(formdata=None))


def _render_upload(project: Project, form: BacklogUploadForm, status: int = 200) -> Response:
    earlier = queries.find_own_import(actor, project)
    if earlier is not None and earlier.stage is ImportStage.WRITTEN:
        earlier = None
    return render(
        "sprints/backlog_import/upload.html",
        status=status,
        project=project,
        form=form,
        earlier=earlier,
        earlier_status=earlier and labels.build_earlier_import_status(earlier),
    )


@bp.post("/import")
def upload(slug: str) -> Response:
    project = get_project(actor, slug)
    require_team_member(actor, project)
    form = BacklogUploadForm()

    return write(
        form,
        lambda _values: commands.stage_file(actor, project, form.read_upload(backlog_url(project))),
        message="",
        to=lambda imported: url_for(".page", slug=slug, import_id=imported.id),
        page=lambda status: _render_upload(project, form, status),
    )


def _get_project_and_import(slug: str, import_id: UUID) -> tuple[Project, BacklogImport]:
    project = get_project(actor, slug)
    return project, queries.get_import(actor, project, import_id)


@bp.get(IMPORT_PATH)
def page(slug: str, import_id: UUID) -> Response:
    return _render_import(*_get_project_and_import(slug, import_id))


def _render_import(
    project: Project,
    imported: BacklogImport,
    status: int = 200,
    *,
    choices_form: ImportChoicesForm | None = None,
    refused: Form | None = None,
) -> Response:
    tabs = _count_lines_by_tab(imported)
    tab = request.args.get("show", "")
    tab = tab if tab in tabs else _find_default_tab(tabs, imported)
    compared = imported.stage is ImportStage.COMPARED and bool(imported.counts)
    lines = _get_tab_line_page(imported, tab) if compared else None
    return render(
        "sprints/backlog_import/import.html",
        fragment="import",
        status=status,
        project=project,
        imported=imported,
        compared=compared,
        choices_form=choices_form
        or ImportChoicesForm.build_form_from_import(
            imported, list_team_choices(project), queries.read_team_index(imported)
        ),
        refused=refused,
        tab=tab,
        tab_links=[
            (labels.tab_label(name, count), _import_url(project, imported, name), name == tab)
            for name, count in tabs.items()
        ],
        lines_url=lambda number: _import_url(project, imported, tab, number),
        choices_url=_import_url(project, imported, ImportLineOutcome.CHANGED),
        lines=lines,
        people=queries.map_person_names(lines.lines) if lines and tab != "absent" else {},
        nothing=labels.no_effect_sentences(imported.counts),
        left=labels.unused_date_and_other_columns(imported),
        unused=[
            labels.column_label(name, imported.names)
            for name in dict.fromkeys(imported.names)
            if name not in imported.choices["columns"].values()
        ],
        has_id={ImportField.KEY.value, ImportField.URL.value} & imported.choices["columns"].keys(),
        counts=dict.fromkeys([*ImportLineOutcome, "mine"], 0) | imported.counts,
        is_fragment=wants_fragment(),
        labels=labels,
    )


def _import_url(project: Project, imported: BacklogImport, show: str, page: int | None = None) -> str:
    return url_for(".page", slug=project.slug, import_id=imported.id, show=show, page=page)


def _count_lines_by_tab(imported: BacklogImport) -> dict[str, int]:
    """The number of lines by tab, without empty tabs."""
    counts = dict(imported.counts)
    counts["problems"] = counts.get(ImportLineOutcome.ERROR, 0) + counts.get("noted", 0)
    return {str(name): counts[name] for name in labels.TABS if counts.get(name)}


def _find_default_tab(tabs: dict[str, int], imported: BacklogImport) -> str:
    """Problems first, then changes that need a choice, then the first tab."""
    first = next(iter(tabs), ImportLineOutcome.NEW)
    return ImportLineOutcome.CHANGED if first != "problems" and imported.counts.get("mine") else first


def _get_tab_line_page(imported: BacklogImport, tab: str) -> queries.ImportLinePage:
    if tab == "absent":
        return queries.get_absent_item_page(imported, requested_page_number())
    outcome = None if tab == "problems" else ImportLineOutcome(tab)
    return queries.get_import_line_page(imported.id, outcome, requested_page_number())


@bp.post(f"{IMPORT_PATH}/choices")
def choose_columns(slug: str, import_id: UUID) -> Response:
    project, imported = _get_project_and_import(slug, import_id)
    form = ImportChoicesForm.build_form_class_for_import(imported, list_team_choices(project))()
    return write(
        form,
        lambda _values: commands.choose_columns(actor, project, imported, form.choices(imported)),
        message="",
        to=url_for(".page", slug=slug, import_id=import_id),
        page=lambda status: _render_import(project, imported, status, choices_form=form),
    )


@bp.post(f"{IMPORT_PATH}/decisions")
def decide_overwrites(slug: str, import_id: UUID) -> Response:
    project, imported = _get_project_and_import(slug, import_id)
    form = OverwriteDecisionsForm()

    def save_decisions(values: dict[str, Any]) -> None:
        if values["every"]:
            takes_all = values["every"] == "take"
            commands.decide_all_overwrites(actor, project, imported, values["seen"], take=takes_all)
        else:
            expected_round, positions, takes = values["seen"], form.positions(), form.read_overwrites()
            commands.decide_line_overwrites(
                actor, project, imported, expected_round, positions=positions, takes=takes
            )

    return write(
        form,
        save_decisions,
        message=_("Vos choix sont gardés ; rien n’est encore importé."),
        to=_import_url(project, imported, ImportLineOutcome.CHANGED, requested_page_number()),
        page=lambda status: _render_refusal(project, imported, form, status),
    )


def _render_refusal(project: Project, imported: BacklogImport, form: Form, status: int) -> Response:
    if status == CONFLICT:
        form.form_errors = [
            _("La comparaison a été refaite depuis que vous l’avez lue : vérifiez, puis décidez.")
        ]
    return _render_import(project, imported, status, refused=form)


@bp.post(f"{IMPORT_PATH}/confirm")
def confirm(slug: str, import_id: UUID) -> Response:
    project, imported = _get_project_and_import(slug, import_id)
    form = OverwriteDecisionsForm()
    return write(
        form,
        lambda values: commands.confirm_import(
            actor, project, imported, values["seen"], positions=form.positions(), takes=form.read_overwrites()
        ),
        message="",
        to=url_for(".page", slug=slug, import_id=import_id),
        page=lambda status: _render_refusal(project, imported, form, status),
    )


@bp.post(f"{IMPORT_PATH}/forget")
def discard(slug: str, import_id: UUID) -> Response:
    project, imported = _get_project_and_import(slug, import_id)
    form = Form()
    return write(
        form,
        lambda _values: commands.discard_import(actor, project, imported),
        message=_("Le fichier est oublié. Rien n’a été importé."),
        to=url_for(".show_upload_page", slug=slug),
        page=lambda status: _render_refusal(project, imported, form, status),
    )
