"""Operations on the import of a round's results: a file staged, its lines, and its confirmation."""

from typing import Any
from uuid import UUID

from flask import request

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.user_tests.rounds import import_commands, import_queries, import_schemas, queries, session_queries
from portal.user_tests.rounds.import_forms import read_results_file
from portal.user_tests.rounds.import_models import ResultsImport
from portal.user_tests.rounds.models import TestRound

area = ApiArea("tests")
IMPORTS = "/projects/<slug>/rounds/<int(max=9999):number>/result-imports"
IMPORT = f"{IMPORTS}/<uuid:import_id>"


@area.list(IMPORTS, import_schemas.ResultImportSchema)
def list_result_imports(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List one's own file of a round, if any: another file replaces it."""
    round_ = queries.get_round(call.actor, get_project(call.actor, slug), number)
    own = import_queries.find_latest_own_import(call.actor, round_)
    return call.page.cut_whole_list([] if own is None else [_dump_import(own)])


@area.create(IMPORTS, import_schemas.ResultImportSchema, body=None, takes_file=True)
def stage_result_import(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Upload a CSV or XLSX file, in place of one's earlier one."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    import_commands.require_may_import(call.actor, project, round_)
    expected = import_queries.read_expected_file_content(round_)
    since = session_queries.find_earliest_possible_consent_day(project, round_)
    results = read_results_file(request.files.get("file"), round_, expected, since, field="file")
    imported = import_commands.stage_results(call.actor, project, round_, expected, **vars(results))
    call.location = f"/projects/{slug}/rounds/{number}/result-imports/{imported.id}"
    return _dump_import(imported)


@area.get(IMPORT, import_schemas.ResultImportSchema)
def get_result_import(call: ApiCall, slug: str, number: int, import_id: UUID) -> dict[str, Any]:
    """Read what an import would do."""
    return _dump_import(_get_import_with_round(call, slug, number, import_id)[2])


@area.list(f"{IMPORT}/lines", import_schemas.ResultImportLineSchema)
def list_result_import_lines(call: ApiCall, slug: str, number: int, import_id: UUID) -> ApiPage:
    """List the lines of a file in their order, with their problems."""
    _project, round_, imported = _get_import_with_round(call, slug, number, import_id)
    preview = import_queries.read_import_preview(imported)
    groups = import_queries.read_expected_file_content(round_).groups
    page = call.page.cut_whole_list(preview.lines, key_by_fields("line"))
    lines = [import_schemas.dump_import_line(line, preview, groups) for line in page.rows]
    return ApiPage(lines, page.next_after)


@area.act(
    f"{IMPORT}/confirm",
    import_schemas.ResultImportDoneSchema,
    body=import_schemas.ResultImportConfirmSchema,
)
def confirm_result_import(call: ApiCall, slug: str, number: int, import_id: UUID) -> dict[str, Any]:
    """Import the new lines, all or none; the portal gives the codes of their sessions."""
    is_sure = call.body["sure"]
    return {
        "sessions": import_commands.confirm_results(
            call.actor, *_get_import_with_round(call, slug, number, import_id), is_sure=is_sure
        )
    }


@area.delete(IMPORT)
def discard_result_import(call: ApiCall, slug: str, number: int, import_id: UUID) -> None:
    """Forget a file of results; what was imported stays."""
    project, _round, imported = _get_import_with_round(call, slug, number, import_id)
    import_commands.discard_import(call.actor, project, imported)


def _get_import_with_round(
    call: ApiCall, slug: str, number: int, import_id: UUID
) -> tuple[Project, TestRound, ResultsImport]:
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    return project, round_, import_queries.get_own_import(call.actor, round_, import_id)


def _dump_import(imported: ResultsImport) -> dict[str, Any]:
    return import_schemas.dump_import(imported, import_queries.read_import_preview(imported))
