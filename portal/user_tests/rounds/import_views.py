"""Import of results: template, upload, preview, confirmation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.platform.web.tables import Table, send_written_table, write_table
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row, load_project_and_row_to_write
from portal.user_tests.rounds import (
    import_commands,
    import_labels,
    import_queries,
    policy,
    queries,
    session_labels,
    session_queries,
)
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_forms import ResultsConfirmForm, ResultsUploadForm, read_results_file
from portal.user_tests.rounds.import_models import LINES_MAX, ResultsImport
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.page_views import ROUND_PATH, read_proposed_consents, trail_to_round
from portal.user_tests.rounds.session_models import TestSession

bp = Blueprint("result_imports", __name__, url_prefix="/projects/<slug>/tests")
IMPORT_PATH = f"{ROUND_PATH}/import/<uuid:import_id>"
WIDTH, WIDE = 16, 40  # column widths in characters


@bp.get(f"{ROUND_PATH}/template.csv", endpoint="as_csv", defaults={"extension": "csv"})
@bp.get(f"{ROUND_PATH}/template.xlsx", endpoint="as_xlsx", defaults={"extension": "xlsx"})
def template(slug: str, number: int, extension: str) -> Response:
    """Send the model of a file, to those who may export raw results. Raises `NotAllowed`."""
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    sentence = _("Le modèle est pour l’équipe du projet et ses coachs.")
    require(policy.can_export_sessions(actor, project), sentence)
    subject, pattern = _("seances"), _("modele")
    key = "model of a file", round_.id, extension
    content = cache_until_change(
        actor, key, lambda: write_table(_build_template_table(round_), extension)
    )  # is small
    return send_written_table(content, extension, f"{project.slug}-{subject}-{number}-{pattern}")


def _build_template_table(round_: TestRound) -> Table:
    expected = import_queries.read_expected_file_content(round_)
    names = import_labels.template_column_names(expected)
    return Table(
        title=_("Modèle de la série %(n)s", n=round_.number),
        sheet=_("séances"),
        names=names,
        widths=[WIDE if "(" in name else WIDTH for name in names],
        rows=(),
        choices=_list_choices_by_column(expected),
        lines=LINES_MAX,
    )


def _list_choices_by_column(expected: ExpectedFileContent) -> dict[int, Sequence[str]]:
    """Return the choices of the columns of a spreadsheet, by column index."""
    columns = [
        column for column, _name in import_labels.iterate_column_headings(expected.tasks, expected.items)
    ]
    expected_columns = [column for column in columns if column not in import_labels.NOT_IN_TEMPLATE]
    choices_by_field = {
        "outcome": [str(name) for name in session_labels.OUTCOMES.values()],
        "group": [group.name for group in expected.groups],
        "is_rehearsal": [_("non"), _("oui")],
    }
    return {
        n: choices_by_field[field]
        for n, (_part, field) in enumerate(expected_columns)
        if choices_by_field.get(field)
    }


@bp.get(f"{ROUND_PATH}/import")
def show_upload_page(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    import_commands.require_may_import(actor, project, round_)
    return _show_upload(project, round_, ResultsUploadForm(formdata=None))


def _show_upload(project: Project, round_: TestRound, form: ResultsUploadForm, status: int = 200) -> Response:
    return render(
        "user_tests/rounds/import.html",
        status=status,
        project=project,
        round=round_,
        form=form,
        earlier=import_queries.find_latest_own_import(actor, round_),
        expected=import_queries.read_expected_file_content(round_),
        scale=session_labels.scale_wording(round_.scale),
        outcomes=import_labels.outcome_choices_text(),
        trail=trail_to_round(project, round_),
    )


@bp.post(f"{ROUND_PATH}/import")
def upload(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    form = ResultsUploadForm()

    return write(
        form,
        lambda _values: _stage_results(project, round_, form),
        message="",
        to=lambda imported: url_for(".page", slug=slug, number=number, import_id=imported.id),
        page=lambda status: _show_upload(project, round_, form, status),
    )


def _stage_results(project: Project, round_: TestRound, form: ResultsUploadForm) -> ResultsImport:
    expected = import_queries.read_expected_file_content(round_)
    since = session_queries.find_earliest_possible_consent_day(project, round_)
    results = read_results_file(form.results.data, round_, expected, since, field="results")
    return import_commands.stage_results(actor, project, round_, expected, **vars(results))


def _get_import_with_round(
    slug: str, number: int, import_id: UUID
) -> tuple[Project, TestRound, ResultsImport]:
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    return project, round_, import_queries.get_own_import(actor, round_, import_id)


@bp.get(IMPORT_PATH)
def page(slug: str, number: int, import_id: UUID) -> Response:
    return _show_preview(
        *_get_import_with_round(slug, number, import_id), form=ResultsConfirmForm(formdata=None)
    )


def _show_preview(
    project: Project,
    round_: TestRound,
    imported: ResultsImport,
    status: int = 200,
    *,
    form: ResultsConfirmForm,
    refused: Form | None = None,
) -> Response:
    expected = import_queries.read_expected_file_content(round_)
    return render(
        "user_tests/rounds/import_read.html",
        status=status,
        project=project,
        round=round_,
        imported=imported,
        preview=import_queries.read_import_preview(imported),
        groups=expected.groups,
        items=expected.items,
        form=form,
        refused=refused or form,
        labels=import_labels,
        proposed_consents=read_proposed_consents(project, round_),
        trail=trail_to_round(project, round_),
    )


@bp.post(f"{IMPORT_PATH}/confirm")
def confirm(slug: str, number: int, import_id: UUID) -> Response:
    """Import a staged file. Idempotent: a second POST leads to the sessions as well."""
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    imported = import_queries.find_own_import_by_id(actor, round_, import_id)
    form = ResultsConfirmForm()

    def confirm_import(values: dict[str, Any]) -> Sequence[TestSession]:
        if imported is None:
            raise NotFound
        return import_commands.confirm_results(actor, project, round_, imported, is_sure=bool(values["sure"]))

    def show_preview(status: int) -> Response:
        current = import_queries.get_own_import(actor, round_, import_id)
        return _show_preview(project, round_, current, status, form=form)

    return write(
        form,
        confirm_import,
        message=_describe_imported_sessions,
        to=url_for("rounds.page", slug=slug, number=number) + "#results",
        page=show_preview,
    )


def _describe_imported_sessions(sessions: Sequence[TestSession]) -> str:
    first, last = sessions[0].code, sessions[-1].code
    return ngettext(
        "%(num)s séance importée : %(codes)s.",
        "%(num)s séances importées : %(codes)s.",
        len(sessions),
        codes=first if len(sessions) == 1 else f"{first} – {last}",
    )


@bp.post(f"{IMPORT_PATH}/forget")
def discard(slug: str, number: int, import_id: UUID) -> Response:
    project, round_, imported = _get_import_with_round(slug, number, import_id)
    form = Form()
    return write(
        form,
        lambda _values: import_commands.discard_import(actor, project, imported),
        message=_("Le fichier est oublié. Rien n’a été importé."),
        to=url_for(".show_upload_page", slug=slug, number=number),
        page=lambda status: _show_preview(
            project, round_, imported, status, form=ResultsConfirmForm(formdata=None), refused=form
        ),
    )
