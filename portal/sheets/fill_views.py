"""Filling a sheet: begin it, answer a section, say which version it is about, declare it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.workplace import open_to_write, trail
from portal.prototypes.queries import list_version_choices
from portal.questionnaires.answers import missing
from portal.questionnaires.changes import carry, compare
from portal.questionnaires.forms import filled
from portal.questionnaires.words import waiting
from portal.sheets import commands, queries, words
from portal.sheets.forms import (
    NO_VERSION,
    AimForm,
    BeginAboutVersionForm,
    BeginForm,
    CompleteForm,
    MoveOnForm,
    section_forms,
)
from portal.sheets.library import KINDS, is_about_a_version, latest_of, starts_blank
from portal.sheets.models import Sheet
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import Form, submit
from portal.web.render import render, see, see_path

bp = Blueprint("sheet_filling", __name__, url_prefix="/projects/<slug>/file/sheets")
ONE = "/<int(max=9999):number>"


@bp.route("/begin/<kind>", methods=["GET", "POST"])
def begin(slug: str, kind: str) -> Response:
    project = open_to_write(slug)
    if kind not in KINDS:
        raise NotFound
    definition = latest_of(kind)
    last = queries.find_last(actor, project, kind)
    if last and last.sheet.completed_on is None and request.method in SAFE_METHODS:
        return see_path(_page(project, last.sheet))
    form: BeginAboutVersionForm | BeginForm
    form = _asking_version(project) if is_about_a_version(definition) else fresh(BeginForm)

    def again(status: int = 200) -> Response:
        return render(
            "sheets/begin.html",
            fragment="form",
            status=status,
            project=project,
            definition=definition,
            carries=last is not None and not starts_blank(definition),
            form=form,
        )

    def act(_values: dict[str, Any]) -> Sheet:
        return commands.begin_sheet(actor, project, definition, form.chosen())

    def done(sheet: Sheet) -> Response:
        first = sheet.definition.sections[0].key
        return see(".fill", slug=slug, number=sheet.number, section=first)

    return again() if request.method in SAFE_METHODS else submit(form, act, done, again)


def _asking_version(project: Project) -> BeginAboutVersionForm:
    versions = list_version_choices(actor, project)
    newest = versions[0].number if versions else NO_VERSION
    return fresh(BeginAboutVersionForm, versions, prototype=newest)


@bp.route(f"{ONE}/sections/<section>", methods=["GET", "POST"])
def fill(slug: str, number: int, section: str) -> Response:
    project = open_to_write(slug)
    sheet = _open_sheet(project, number)
    definition = sheet.definition
    asked = definition.section(section)
    if asked is None:
        raise NotFound
    row = queries.get_section(sheet, section)
    kind = section_forms()[sheet.kind, sheet.edition, section]
    is_asked = request.method in SAFE_METHODS
    form = filled(kind, row.answers, row.version) if is_asked else kind()
    following = definition.after(asked)
    shown = {"project": project, "number": number, "definition": definition, "section": asked}

    def again(status: int = 200) -> Response:
        return render(
            "sheets/fill.html",
            fragment="form",
            status=status,
            form=form,
            following=following,
            waiting=waiting,
            step=definition.sections.index(asked) + 1,
            **shown,
        )

    def act(values: dict[str, Any]) -> None:
        seen = values["version"]
        commands.fill_section(actor, project, sheet, row, form.answers(), seen=seen)

    def done(_made: None) -> Response:
        flash(_("« %(section)s » est enregistrée.", section=asked.title))
        if following is not None and request.form.get("then") == "next":
            return see(".fill", slug=slug, number=number, section=following.key)
        return see_path(f"{url_for('sheets.page', slug=slug, number=number)}#{section}")

    return again() if is_asked else submit(form, act, done, again, stored=row)


@bp.route(f"{ONE}/version", methods=["GET", "POST"])
def aim(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    sheet = _open_sheet(project, number)
    if not is_about_a_version(sheet.definition):
        raise NotFound
    versions = list_version_choices(actor, project)
    form: Form = AimForm(versions)
    if request.method in SAFE_METHODS:
        form = AimForm(versions, formdata=None).as_stored(sheet)
    title = _("De quelle version parle la fiche ?")
    above = (str(sheet.definition.title), _page(project, sheet))
    way = trail(project, (_("Fiches"), url_for("sheets.index", slug=slug)), above)
    page = FormPage(title=title, trail=way, step=_("Version"))

    def act(values: dict[str, Any]) -> None:
        chosen = form.chosen() if isinstance(form, AimForm) else None
        commands.aim(actor, project, sheet, chosen, values["version"])

    return ask(page, form, act, _("Version enregistrée."), stored=sheet)


@bp.route(f"{ONE}/edition", methods=["GET", "POST"])
def move_on(slug: str, number: int) -> Response:
    """To the latest edition of the questions: what differs, and what becomes of the answers."""
    project = open_to_write(slug)
    held = queries.read_sheet(actor, project, number)
    sheet, former, other = held.sheet, held.definition, held.sheet.newer
    if request.method in SAFE_METHODS:
        commands.require_open(project, sheet)
    if other is None and request.method in SAFE_METHODS:
        return see_path(_page(project, sheet))
    form = fresh(MoveOnForm, version=sheet.version)
    other = other or former
    changes, carried = compare(former, other), carry(former, other, held.answers)

    def again(status: int = 200) -> Response:
        return render(
            "sheets/edition.html",
            fragment="form",
            status=status,
            project=project,
            number=number,
            former=former,
            other=other,
            changes=changes,
            carried=carried,
            answers=held.answers,
            form=form,
            words=words,
        )

    def act(values: dict[str, Any]) -> None:
        commands.move_on(actor, project, sheet, values["version"])

    def done(_made: None) -> Response:
        flash(_("La fiche a maintenant l’édition %(n)s de ses questions.", n=other.edition))
        return see_path(_page(project, sheet))

    is_asked = request.method in SAFE_METHODS
    return again() if is_asked else submit(form, act, done, again, stored=sheet)


@bp.route(f"{ONE}/complete", methods=["GET", "POST"])
def complete(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    sheet = _open_sheet(project, number)
    held = queries.read_sheet(actor, project, number)
    form = fresh(CompleteForm, completed_on=clock.today_here(), version=sheet.version)
    lacks_version = is_about_a_version(held.definition) and sheet.prototype_version_id is None
    lacks = missing(held.definition, held.answers)

    def again(status: int = 200) -> Response:
        return render(
            "sheets/complete.html",
            fragment="form",
            status=status,
            project=project,
            number=number,
            definition=held.definition,
            lacks=lacks,
            lacks_version=lacks_version,
            form=form,
        )

    def act(values: dict[str, Any]) -> None:
        commands.complete(actor, project, sheet, values["completed_on"], values["version"])

    def done(_made: None) -> Response:
        flash(_("La fiche est complète : elle garde cette date et ne change plus."))
        return see_path(_page(project, sheet))

    is_asked = request.method in SAFE_METHODS
    return again() if is_asked else submit(form, act, done, again, stored=sheet)


def _open_sheet(project: Project, number: int) -> Sheet:
    """Asked before a form is shown; what was typed comes back with the command's own refusal."""
    sheet = queries.get_sheet(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_open(project, sheet)
    return sheet


def _page(project: Project, sheet: Sheet) -> str:
    return url_for("sheets.page", slug=project.slug, number=sheet.number)
