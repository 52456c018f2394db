"""Bringing results in from a file: its empty form, what it would do, and the word to do it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import get_writable_project
from portal.sprints.backlog_import import table_exports
from portal.sprints.backlog_import.table_exports import Table
from portal.user_tests.rounds import import_commands as commands
from portal.user_tests.rounds import import_labels as words
from portal.user_tests.rounds import import_queries as queries
from portal.user_tests.rounds import policy, session_queries
from portal.user_tests.rounds import session_labels as said
from portal.user_tests.rounds.import_forms import ResultsConfirmForm, ResultsForm
from portal.user_tests.rounds.import_models import LINES_MAX, ResultsImport
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.page_views import ROUND_PATH, trail_to_round
from portal.user_tests.rounds.session_models import TestSession

bp = Blueprint("result_imports", __name__, url_prefix="/projects/<slug>/tests")
IMPORT_PATH = f"{ROUND_PATH}/import/<uuid:import_id>"
WIDTH, WIDE = 16, 40  # characters of a column


@bp.get(f"{ROUND_PATH}/template.csv")
def as_csv(slug: str, number: int) -> Response:
    project, round_ = _of_team(slug, number)
    file = table_exports.write_csv(
        _template(round_), table_exports.DELIMITERS[said.reader_language()]
    )
    return _send(project, round_, "csv", file)


@bp.get(f"{ROUND_PATH}/template.xlsx")
def as_xlsx(slug: str, number: int) -> Response:
    project, round_ = _of_team(slug, number)
    return _send(project, round_, "xlsx", table_exports.write_xlsx(_template(round_)))


def _of_team(slug: str, number: int) -> tuple[Project, TestRound]:
    """For those who may also take raw results out."""
    project = get_project(actor, slug)
    round_ = session_queries.get_round(actor, project, number)
    sentence = _("Le modèle est pour l’équipe du projet et ses coachs.")
    require(policy.can_export_sessions(actor, project), sentence)
    return project, round_


def _template(round_: TestRound) -> Table:
    asks = queries.read_expected_results(round_)
    names = words.template_names(asks)
    return Table(
        title=_("Modèle de la série %(n)s", n=round_.number),
        sheet=_("séances"),
        names=names,
        widths=[WIDE if "(" in name else WIDTH for name in names],
        rows=(),
        choices=_choices(asks),
        lines=LINES_MAX,
    )


def _choices(asks: queries.ExpectedResults) -> dict[int, Sequence[str]]:
    """What a spreadsheet offers in a column, by its place."""
    columns = [column for column, _name in words.list_headings(asks.tasks, asks.items)]
    expected_columns = [column for column in columns if column not in words.NOT_IN_TEMPLATE]
    offered = {
        "outcome": [str(name) for name in said.OUTCOMES.values()],
        "group": [group.name for group in asks.groups],
        "is_rehearsal": [_("non"), _("oui")],
    }
    return {
        n: offered[field] for n, (_part, field) in enumerate(expected_columns) if offered.get(field)
    }


def _send(project: Project, round_: TestRound, kind: str, file: Any) -> Response:
    sent = Response(table_exports.iterate_pieces(file), mimetype=table_exports.MIME_TYPES[kind])
    subject, pattern = _("seances"), _("modele")
    name = f"{project.slug}-{subject}-{round_.number}-{pattern}.{kind}"
    sent.headers.set("Content-Disposition", "attachment", filename=name)
    return sent


@bp.get(f"{ROUND_PATH}/import")
def ask(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    round_ = session_queries.get_round(actor, project, number)
    commands.require_import(actor, project, round_)
    return _ask(project, round_, ResultsForm(formdata=None))


def _ask(project: Project, round_: TestRound, form: ResultsForm, status: int = 200) -> Response:
    return render(
        "user_tests/rounds/import.html",
        status=status,
        project=project,
        round=round_,
        form=form,
        earlier=queries.find_own_import(actor, round_),
        asks=queries.read_expected_results(round_),
        scale=said.scale_words(round_.scale),
        outcomes=words.outcomes(),
        trail=trail_to_round(project, round_),
    )


@bp.post(f"{ROUND_PATH}/import")
def upload(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    round_ = session_queries.get_round(actor, project, number)
    form = ResultsForm()

    def act(_values: dict[str, Any]) -> ResultsImport:
        asks = queries.read_expected_results(round_)
        scale = said.scale_words(round_.scale)
        since = session_queries.find_first_consent_day(project, round_)
        name, lines, unknown = form.read(asks, scale.most if scale else 0, since)
        return commands.stage_results(
            actor, project, round_, asks, name=name, lines=lines, unknown=unknown
        )

    def on_success(imported: ResultsImport) -> Response:
        return redirect_to(".page", slug=slug, number=number, import_id=imported.id)

    return submit(form, act, on_success, lambda status: _ask(project, round_, form, status))


def _open(slug: str, number: int, import_id: UUID) -> tuple[Project, TestRound, ResultsImport]:
    project = get_project(actor, slug)
    round_ = session_queries.get_round(actor, project, number)
    return project, round_, queries.get_import(actor, round_, import_id)


@bp.get(IMPORT_PATH)
def page(slug: str, number: int, import_id: UUID) -> Response:
    return _page(*_open(slug, number, import_id), form=ResultsConfirmForm(formdata=None))


def _page(
    project: Project,
    round_: TestRound,
    imported: ResultsImport,
    status: int = 200,
    *,
    form: ResultsConfirmForm,
    refused: Form | None = None,
) -> Response:
    asks = queries.read_expected_results(round_)
    return render(
        "user_tests/rounds/import_read.html",
        status=status,
        project=project,
        round=round_,
        imported=imported,
        found=queries.read_import_preview(imported),
        groups=asks.groups,
        items=asks.items,
        form=form,
        refused=refused or form,
        words=words,
        trail=trail_to_round(project, round_),
    )


@bp.post(f"{IMPORT_PATH}/confirm")
def confirm(slug: str, number: int, import_id: UUID) -> Response:
    """Pressed twice, it leads twice to the sessions, though the file went with the first."""
    project = get_project(actor, slug)
    round_ = session_queries.get_round(actor, project, number)
    imported = queries.find_import(actor, round_, import_id)
    form = ResultsConfirmForm()

    def act(values: dict[str, Any]) -> Sequence[TestSession]:
        if imported is None:
            raise NotFound
        return commands.confirm_results(
            actor, project, round_, imported, is_sure=bool(values["sure"])
        )

    def on_success(sessions: Sequence[TestSession]) -> Response:
        codes = (
            sessions[0].code if len(sessions) == 1 else f"{sessions[0].code} – {sessions[-1].code}"
        )
        message = ngettext(
            "%(num)s séance importée : %(codes)s.",
            "%(num)s séances importées : %(codes)s.",
            len(sessions),
            codes=codes,
        )
        flash(message)
        return redirect_to_path(url_for("rounds.page", slug=slug, number=number) + "#results")

    def again(status: int) -> Response:
        there = queries.get_import(actor, round_, import_id)
        return _page(project, round_, there, status, form=form)

    return submit(form, act, on_success, again)


@bp.post(f"{IMPORT_PATH}/forget")
def forget(slug: str, number: int, import_id: UUID) -> Response:
    project, round_, imported = _open(slug, number, import_id)
    form = Form()

    def act(_values: dict[str, Any]) -> None:
        commands.discard_import(actor, project, imported)

    def on_success(_result: None) -> Response:
        flash(_("Le fichier est oublié. Rien n’a été importé."))
        return redirect_to(".ask", slug=slug, number=number)

    def again(status: int) -> Response:
        unsent = ResultsConfirmForm(formdata=None)
        return _page(project, round_, imported, status, form=unsent, refused=form)

    return submit(form, act, on_success, again)
