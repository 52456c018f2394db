"""Filling a sheet: begin it, answer a section, say which version it is about, declare it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.ethics.questionnaires.answer_labels import describe_condition
from portal.ethics.questionnaires.completion_rules import list_missing
from portal.ethics.questionnaires.edition_change_rules import carry_answers, compare_editions
from portal.ethics.questionnaires.section_forms import fill_form
from portal.ethics.readiness_sheets import commands, labels, queries
from portal.ethics.readiness_sheets.definition_documents import (
    SHEET_KINDS,
    is_about_a_version,
    latest_of,
    starts_blank,
)
from portal.ethics.readiness_sheets.forms import (
    NO_VERSION,
    BeginSheetForm,
    BeginVersionSheetForm,
    CompleteSheetForm,
    SheetUpgradeForm,
    SheetVersionForm,
    section_forms,
)
from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import build_trail, get_writable_project
from portal.sprints.prototypes.queries import list_version_choices

bp = Blueprint("sheet_filling", __name__, url_prefix="/projects/<slug>/file/sheets")
SHEET_PATH = "/<int(max=9999):number>"


@bp.route("/begin/<kind>", methods=["GET", "POST"])
def begin(slug: str, kind: str) -> Response:
    project = get_writable_project(slug)
    if kind not in SHEET_KINDS:
        raise NotFound
    definition = latest_of(kind)
    last = queries.find_last(actor, project, kind)
    if last and last.sheet.completed_on is None and request.method in SAFE_METHODS:
        return redirect_to_path(_sheet_path(project, last.sheet))
    form: BeginVersionSheetForm | BeginSheetForm
    form = (
        _make_version_form(project) if is_about_a_version(definition) else make_form(BeginSheetForm)
    )

    def again(status: int = 200) -> Response:
        return render(
            "ethics/readiness_sheets/begin.html",
            fragment="form",
            status=status,
            project=project,
            definition=definition,
            carries=last is not None and not starts_blank(definition),
            form=form,
        )

    def act(_values: dict[str, Any]) -> Sheet:
        return commands.begin_sheet(actor, project, definition, form.selected_version())

    def on_success(sheet: Sheet) -> Response:
        first = sheet.definition.sections[0].key
        return redirect_to(".fill", slug=slug, number=sheet.number, section=first)

    return again() if request.method in SAFE_METHODS else submit(form, act, on_success, again)


def _make_version_form(project: Project) -> BeginVersionSheetForm:
    versions = list_version_choices(actor, project)
    newest = versions[0].number if versions else NO_VERSION
    return make_form(BeginVersionSheetForm, versions, prototype=newest)


@bp.route(f"{SHEET_PATH}/sections/<section>", methods=["GET", "POST"])
def fill(slug: str, number: int, section: str) -> Response:
    project = get_writable_project(slug)
    sheet = _open_sheet(project, number)
    definition = sheet.definition
    section_definition = definition.section(section)
    if section_definition is None:
        raise NotFound
    row = queries.get_section(sheet, section)
    kind = section_forms()[sheet.kind, sheet.edition, section]
    is_safe_method = request.method in SAFE_METHODS
    form = fill_form(kind, row.answers, row.version) if is_safe_method else kind()
    following = definition.next_section(section_definition)
    page_values = {
        "project": project,
        "number": number,
        "definition": definition,
        "section": section_definition,
    }

    def again(status: int = 200) -> Response:
        return render(
            "ethics/readiness_sheets/fill.html",
            fragment="form",
            status=status,
            form=form,
            following=following,
            waiting=describe_condition,
            step=definition.sections.index(section_definition) + 1,
            **page_values,
        )

    def act(values: dict[str, Any]) -> None:
        expected_version = values["version"]
        commands.fill_section(
            actor, project, sheet, row, form.answers(), expected_version=expected_version
        )

    def on_success(_result: None) -> Response:
        flash(_("« %(section)s » est enregistrée.", section=section_definition.title))
        if following is not None and request.form.get("then") == "next":
            return redirect_to(".fill", slug=slug, number=number, section=following.key)
        return redirect_to_path(f"{url_for('sheets.page', slug=slug, number=number)}#{section}")

    return again() if is_safe_method else submit(form, act, on_success, again, stored=row)


@bp.route(f"{SHEET_PATH}/version", methods=["GET", "POST"])
def aim(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    sheet = _open_sheet(project, number)
    if not is_about_a_version(sheet.definition):
        raise NotFound
    versions = list_version_choices(actor, project)
    form: Form = SheetVersionForm(versions)
    if request.method in SAFE_METHODS:
        form = SheetVersionForm(versions, formdata=None).as_stored(sheet)
    title = _("De quelle version parle la fiche ?")
    above = (str(sheet.definition.title), _sheet_path(project, sheet))
    way = build_trail(project, (_("Fiches"), url_for("sheets.index", slug=slug)), above)
    page = FormPage(title=title, trail=way, step=_("Version"))

    def act(values: dict[str, Any]) -> None:
        prototype_version = form.selected_version() if isinstance(form, SheetVersionForm) else None
        commands.set_prototype_version(actor, project, sheet, prototype_version, values["version"])

    return answer_form(page, form, act, _("Version enregistrée."), stored=sheet)


@bp.route(f"{SHEET_PATH}/edition", methods=["GET", "POST"])
def move_on(slug: str, number: int) -> Response:
    """To the latest edition of the questions: what differs, and what becomes of the answers."""
    project = get_writable_project(slug)
    filled_sheet = queries.read_sheet(actor, project, number)
    sheet, former, other = filled_sheet.sheet, filled_sheet.definition, filled_sheet.sheet.newer
    if request.method in SAFE_METHODS:
        commands.require_open(project, sheet)
    if other is None and request.method in SAFE_METHODS:
        return redirect_to_path(_sheet_path(project, sheet))
    form = make_form(SheetUpgradeForm, version=sheet.version)
    other = other or former
    changes, carried = (
        compare_editions(former, other),
        carry_answers(former, other, filled_sheet.answers),
    )

    def again(status: int = 200) -> Response:
        return render(
            "ethics/readiness_sheets/edition.html",
            fragment="form",
            status=status,
            project=project,
            number=number,
            former=former,
            other=other,
            changes=changes,
            carried=carried,
            answers=filled_sheet.answers,
            form=form,
            words=labels,
        )

    def act(values: dict[str, Any]) -> None:
        commands.upgrade_edition(actor, project, sheet, values["version"])

    def on_success(_result: None) -> Response:
        flash(_("La fiche a maintenant l’édition %(n)s de ses questions.", n=other.edition))
        return redirect_to_path(_sheet_path(project, sheet))

    is_safe_method = request.method in SAFE_METHODS
    return again() if is_safe_method else submit(form, act, on_success, again, stored=sheet)


@bp.route(f"{SHEET_PATH}/complete", methods=["GET", "POST"])
def complete(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    sheet = _open_sheet(project, number)
    filled_sheet = queries.read_sheet(actor, project, number)
    form = make_form(CompleteSheetForm, completed_on=clock.today_here(), version=sheet.version)
    lacks_version = (
        is_about_a_version(filled_sheet.definition) and sheet.prototype_version_id is None
    )
    lacks = list_missing(filled_sheet.definition, filled_sheet.answers)

    def again(status: int = 200) -> Response:
        return render(
            "ethics/readiness_sheets/complete.html",
            fragment="form",
            status=status,
            project=project,
            number=number,
            definition=filled_sheet.definition,
            lacks=lacks,
            lacks_version=lacks_version,
            form=form,
        )

    def act(values: dict[str, Any]) -> None:
        commands.complete_sheet(actor, project, sheet, values["completed_on"], values["version"])

    def on_success(_result: None) -> Response:
        flash(_("La fiche est complète : elle garde cette date et ne change plus."))
        return redirect_to_path(_sheet_path(project, sheet))

    is_safe_method = request.method in SAFE_METHODS
    return again() if is_safe_method else submit(form, act, on_success, again, stored=sheet)


def _open_sheet(project: Project, number: int) -> Sheet:
    """Asked before a form is shown; what was typed comes back with the command's own refusal."""
    sheet = queries.get_sheet(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_open(project, sheet)
    return sheet


def _sheet_path(project: Project, sheet: Sheet) -> str:
    return url_for("sheets.page", slug=project.slug, number=sheet.number)
