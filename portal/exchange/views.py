"""Bringing a backlog in: a file, what it would do, the choices, and the word to do it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.backlog.commands import require_in_time, require_writer
from portal.exchange import commands, policy, queries, words
from portal.exchange.commands import Upload
from portal.exchange.comparison import Outcome
from portal.exchange.forms import ChoicesForm, DecisionsForm, UploadForm
from portal.exchange.links import home_of
from portal.exchange.mapping import Choices
from portal.exchange.models import BacklogImport, Stage
from portal.exchange.tools import Field
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page
from portal.web.forms import CONFLICT, Form, submit
from portal.web.render import render, see, wants_fragment

bp = Blueprint("imports", __name__, url_prefix="/projects/<slug>/backlog")
ONE = "/imports/<uuid:import_id>"


@bp.get("/import")
def ask(slug: str) -> Response:
    project = get_project(actor, slug)
    require_writer(actor, project)
    require_in_time(actor, project, policy.can_import(actor, project), "")
    return _ask(project, UploadForm(formdata=None))


def _ask(project: Project, form: UploadForm, status: int = 200) -> Response:
    earlier = queries.find_own(actor, project)
    if earlier is not None and earlier.stage is Stage.DONE:
        earlier = None
    return render(
        "exchange/upload.html",
        status=status,
        project=project,
        form=form,
        earlier=earlier,
        standing=earlier and words.standing(earlier),
    )


@bp.post("/import")
def upload(slug: str) -> Response:
    project = get_project(actor, slug)
    require_writer(actor, project)
    form = UploadForm()

    def act(_values: dict[str, Any]) -> BacklogImport:
        name, size, content, layout = form.read()
        given = Upload(name=name, size=size, content=content, layout=layout, home=home_of(project))
        return commands.stage_file(actor, project, given)

    def done(made: BacklogImport) -> Response:
        return see(".page", slug=slug, import_id=made.id)

    return submit(form, act, done, lambda status: _ask(project, form, status))


def _open(slug: str, import_id: UUID) -> tuple[Project, BacklogImport]:
    project = get_project(actor, slug)
    return project, queries.get_import(actor, project, import_id)


@bp.get(ONE)
def page(slug: str, import_id: UUID) -> Response:
    return _page(*_open(slug, import_id))


def _page(
    project: Project,
    imported: BacklogImport,
    status: int = 200,
    *,
    choices_form: ChoicesForm | None = None,
    refused: Form | None = None,
) -> Response:
    tabs = _tabs(imported)
    tab = request.args.get("show", "")
    tab = tab if tab in tabs else _usual_tab(tabs, imported)
    compared = imported.stage is Stage.COMPARED and bool(imported.counts)
    lines = _lines(imported, tab) if compared else None
    return render(
        "exchange/import.html",
        fragment="import",
        status=status,
        project=project,
        imported=imported,
        compared=compared,
        chosen=Choices.from_json(imported.choices),
        choices_form=choices_form or ChoicesForm.filled(imported),
        refused=refused,
        tab=tab,
        tab_links=[
            (words.tab(name, count), _here(project, imported, name), name == tab)
            for name, count in tabs.items()
        ],
        lines_url=lambda number: _here(project, imported, tab, number),
        choices_url=_here(project, imported, Outcome.CHANGED),
        lines=lines,
        people=queries.names_of(lines.lines) if lines and tab != "absent" else {},
        nothing=words.nothing(imported.counts),
        left=words.left_aside(imported),
        unused=[
            words.column(name, imported.names)
            for name in dict.fromkeys(imported.names)
            if name not in imported.choices["columns"].values()
        ],
        has_id={Field.KEY.value, Field.URL.value} & imported.choices["columns"].keys(),
        counts=dict.fromkeys([*Outcome, "mine"], 0) | imported.counts,
        fragment_shown=wants_fragment(),
        words=words,
    )


def _here(project: Project, imported: BacklogImport, show: str, page: int | None = None) -> str:
    return url_for(".page", slug=project.slug, import_id=imported.id, show=show, page=page)


def _tabs(imported: BacklogImport) -> dict[str, int]:
    """Each view of the lines with how many there are; what is empty is left out."""
    counts = dict(imported.counts)
    counts["problems"] = counts.get(Outcome.ERROR, 0) + counts.get("noted", 0)
    return {str(name): counts[name] for name in words.TABS if counts.get(name)}


def _usual_tab(tabs: dict[str, int], imported: BacklogImport) -> str:
    """What is wrong, then what waits for a choice, then the rest."""
    first = next(iter(tabs), Outcome.NEW)
    return Outcome.CHANGED if first != "problems" and imported.counts.get("mine") else first


def _lines(imported: BacklogImport, tab: str) -> queries.Page:
    if tab == "absent":
        return queries.list_absent(imported, asked_page())
    outcome = None if tab == "problems" else Outcome(tab)
    return queries.list_lines(imported.id, outcome, asked_page())


@bp.post(f"{ONE}/choices")
def choose(slug: str, import_id: UUID) -> Response:
    project, imported = _open(slug, import_id)
    form = ChoicesForm.of(imported)()

    def act(_values: dict[str, Any]) -> None:
        commands.choose(actor, project, imported, form.choices(imported))

    def done(_made: None) -> Response:
        return see(".page", slug=slug, import_id=import_id)

    return submit(
        form, act, done, lambda status: _page(project, imported, status, choices_form=form)
    )


@bp.post(f"{ONE}/decisions")
def decide(slug: str, import_id: UUID) -> Response:
    project, imported = _open(slug, import_id)
    form = DecisionsForm()

    def act(values: dict[str, Any]) -> None:
        if values["every"]:
            take = values["every"] == "take"
            commands.decide_all(actor, project, imported, values["seen"], take=take)
        else:
            seen, shown, takes = values["seen"], form.positions(), form.takes()
            commands.decide(actor, project, imported, seen, shown=shown, takes=takes)

    def done(_made: None) -> Response:
        flash(_("Vos choix sont gardés ; rien n’est encore importé."))
        return see(".page", slug=slug, import_id=import_id, show=Outcome.CHANGED, page=asked_page())

    return submit(form, act, done, lambda status: _again(project, imported, form, status))


def _again(project: Project, imported: BacklogImport, form: Form, status: int) -> Response:
    if status == CONFLICT:
        form.form_errors = [
            _("La comparaison a été refaite depuis que vous l’avez lue : vérifiez, puis décidez.")
        ]
    return _page(project, imported, status, refused=form)


@bp.post(f"{ONE}/confirm")
def confirm(slug: str, import_id: UUID) -> Response:
    project, imported = _open(slug, import_id)
    form = DecisionsForm()

    def act(values: dict[str, Any]) -> bool:
        seen, shown, takes = values["seen"], form.positions(), form.takes()
        return commands.confirm(actor, project, imported, seen, shown=shown, takes=takes)

    def done(_confirmed: bool) -> Response:
        return see(".page", slug=slug, import_id=import_id)

    return submit(form, act, done, lambda status: _again(project, imported, form, status))


@bp.post(f"{ONE}/forget")
def forget(slug: str, import_id: UUID) -> Response:
    project, imported = _open(slug, import_id)
    form = Form()

    def act(_values: dict[str, Any]) -> None:
        commands.let_go(actor, project, imported)

    def done(_made: None) -> Response:
        flash(_("Le fichier est oublié. Rien n’a été importé."))
        return see(".ask", slug=slug)

    return submit(form, act, done, lambda status: _again(project, imported, form, status))
