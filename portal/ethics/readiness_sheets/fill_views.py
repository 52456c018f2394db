"""Starts, fills, upgrades and completes a sheet."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.ethics.questionnaires.answer_labels import describe_condition
from portal.ethics.questionnaires.completion_rules import list_unanswered_required_items
from portal.ethics.questionnaires.edition_change_rules import (
    carry_answers_to_same_questions,
    compare_editions,
)
from portal.ethics.questionnaires.field_forms import make_filled_form
from portal.ethics.readiness_sheets import commands, labels, queries
from portal.ethics.readiness_sheets.definition_documents import (
    SHEET_KINDS,
    get_latest_definition,
    is_about_prototype_version,
    starts_blank,
)
from portal.ethics.readiness_sheets.forms import (
    NO_VERSION,
    BeginSheetForm,
    BeginVersionSheetForm,
    CompleteSheetForm,
    SheetPrototypeVersionForm,
    section_form_classes,
)
from portal.ethics.readiness_sheets.models import Sheet
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.workspace_views import build_trail, get_writable_project
from portal.sprints.prototypes.queries import list_selectable_versions

bp = Blueprint("sheet_filling", __name__, url_prefix="/projects/<slug>/file/sheets")
SHEET_PATH = "/<int(max=9999):number>"


@bp.route("/begin/<kind>", methods=["GET", "POST"])
def begin(slug: str, kind: str) -> Response:
    project = get_writable_project(slug)
    if kind not in SHEET_KINDS:
        raise NotFound
    definition = get_latest_definition(kind)
    last = queries.find_last_sheet(actor, project, kind)
    if last and last.sheet.completed_on is None and request.method in SAFE_METHODS:
        return redirect_to_path(row_path(project, last.sheet))
    form: BeginVersionSheetForm | BeginSheetForm
    form = (
        _make_begin_version_form(project)
        if is_about_prototype_version(definition)
        else make_form(BeginSheetForm)
    )
    show_page = partial(
        _show_form,
        "begin",
        project,
        form,
        definition=definition,
        carries=last is not None and not starts_blank(definition),
    )
    return write(
        form,
        lambda _values: commands.begin_sheet(actor, project, definition, form.selected_version()),
        message="",
        to=lambda sheet: url_for(".fill", slug=slug, number=sheet.number, section=definition.sections[0].key),
        page=show_page,
    )


def _show_form(name: str, project: Project, form: Form, status: int, **context: Any) -> Response:
    return render(
        f"ethics/readiness_sheets/{name}.html",
        fragment="form",
        status=status,
        project=project,
        form=form,
        **context,
    )


def _make_begin_version_form(project: Project) -> BeginVersionSheetForm:
    versions = list_selectable_versions(actor, project)
    newest = versions[0].number if versions else NO_VERSION
    return make_form(BeginVersionSheetForm, versions, prototype=newest)


@bp.route(f"{SHEET_PATH}/sections/<section>", methods=["GET", "POST"])
def fill(slug: str, number: int, section: str) -> Response:
    project = get_writable_project(slug)
    sheet = _get_sheet_to_fill(project, number)
    definition = queries.get_definition(sheet)
    section_definition = definition.section(section)
    if section_definition is None:
        raise NotFound
    row = queries.get_sheet_section(sheet, section)
    form_class = section_form_classes()[sheet.kind, sheet.edition, section]
    is_safe_method = request.method in SAFE_METHODS
    form = make_filled_form(form_class, row.answers, row.version) if is_safe_method else form_class()
    following = definition.next_section(section_definition)
    show_page = partial(
        _show_form,
        "fill",
        project,
        form,
        number=number,
        definition=definition,
        section=section_definition,
        following=following,
        describe_condition=describe_condition,
        step=definition.sections.index(section_definition) + 1,
    )
    next_page = f"{row_path(project, sheet)}#{section}"
    if following is not None and request.form.get("then") == "next":
        next_page = url_for(".fill", slug=slug, number=number, section=following.key)
    return write(
        form,
        lambda values: commands.fill_section(
            actor, project, sheet, row, form.answers(), expected_version=values["version"]
        ),
        message=_("« %(section)s » est enregistrée.", section=section_definition.title),
        to=next_page,
        page=show_page,
        stored=row,
    )


@bp.route(f"{SHEET_PATH}/version", methods=["GET", "POST"])
def choose_prototype_version(slug: str, number: int) -> Response:
    """Sets the version of the prototype."""
    project = get_writable_project(slug)
    sheet = _get_sheet_to_fill(project, number)
    definition = queries.get_definition(sheet)
    if not is_about_prototype_version(definition):
        raise NotFound
    versions = list_selectable_versions(actor, project)
    form = SheetPrototypeVersionForm(versions)
    sheet_step = (str(definition.title), row_path(project, sheet))
    return write_page(
        FormPage(
            title=_("De quelle version parle la fiche ?"),
            trail=build_trail(project, (_("Fiches"), url_for("sheets.index", slug=slug)), sheet_step),
            step=_("Version"),
            entries=() if versions else (_say_that_version_comes_first(slug),),
            entries_title="" if versions else _("D’abord"),
            is_closed=not versions,
        ),
        form.make_form_from_stored(sheet) if request.method in SAFE_METHODS else form,
        lambda values: commands.set_prototype_version(
            actor, project, sheet, form.selected_version(), values["version"]
        ),
        message=_("Version enregistrée."),
        stored=sheet,
    )


def _say_that_version_comes_first(slug: str) -> EntryAboveForm:
    release = FormPageLink(_("Sortir une version"), url_for("prototypes.release", slug=slug))
    sentence = _("La fiche parle d’une version du prototype, et aucune n’est encore sortie.")
    return EntryAboveForm(sentence, [release])


@bp.route(f"{SHEET_PATH}/edition", methods=["GET", "POST"])
def upgrade_edition(slug: str, number: int) -> Response:
    """The page compares the editions and previews what becomes of the answers."""
    project = get_writable_project(slug)
    filled = queries.read_sheet(actor, project, number)
    sheet, former, newer = filled.sheet, filled.definition, filled.newer
    if request.method in SAFE_METHODS:
        commands.require_open_sheet(project, sheet)
        if newer is None:
            return redirect_to_path(row_path(project, sheet))
    form = make_form(VersionedButtonForm, version=sheet.version)
    newer = newer or former
    show_page = partial(
        _show_form,
        "edition",
        project,
        form,
        number=number,
        former=former,
        newer=newer,
        changes=compare_editions(former, newer),
        carried=carry_answers_to_same_questions(former, newer, filled.answers),
        answers=filled.answers,
        labels=labels,
    )
    return write(
        form,
        lambda values: commands.upgrade_edition(actor, project, sheet, values["version"]),
        message=_("La fiche a maintenant l’édition %(n)s de ses questions.", n=newer.edition),
        to=row_path(project, sheet),
        page=show_page,
        stored=sheet,
    )


@bp.route(f"{SHEET_PATH}/complete", methods=["GET", "POST"])
def complete(slug: str, number: int) -> Response:
    """The page links to each missing answer, or asks for the date, which whoever gave it corrects."""
    project = get_writable_project(slug)
    sheet = queries.get_sheet(actor, project, number)
    corrects = queries.can_correct_completion_day(actor, project, sheet)
    if not corrects:
        sheet = _get_sheet_to_fill(project, number)
    filled = queries.read_sheet(actor, project, number)
    day = sheet.completed_on or max(
        clock.today_for_reader(), queries.find_first_completion_day(project, sheet)
    )
    form = make_form(CompleteSheetForm, completed_on=day, version=sheet.version)
    needs_version = is_about_prototype_version(filled.definition)
    show_page = partial(
        _show_form,
        "complete",
        project,
        form,
        number=number,
        definition=filled.definition,
        missing=list_unanswered_required_items(filled.definition, filled.answers),
        corrects=corrects,
        lacks_version=needs_version and sheet.prototype_version_id is None,
    )
    return write(
        form,
        lambda values: commands.complete_sheet(
            actor, project, sheet, values["completed_on"], values["version"]
        ),
        message=_("La date est corrigée.")
        if corrects
        else _("La fiche est complète : ses réponses ne changent plus."),
        to=row_path(project, sheet),
        page=show_page,
        stored=sheet,
    )


def _get_sheet_to_fill(project: Project, number: int) -> Sheet:
    """A GET is refused for a complete sheet; a POST is refused by the command, which keeps what
    was typed."""
    sheet = queries.get_sheet(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_open_sheet(project, sheet)
    return sheet
