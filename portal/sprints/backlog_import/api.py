"""Operations on the import of a backlog: a file staged, its columns and lines, and its confirmation."""

from typing import Any
from uuid import UUID

from flask import request

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_team_choices
from portal.project.projects.work_commands import require_team_member
from portal.sprints.backlog_import import commands, labels, queries, schemas
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.export_views import backlog_url
from portal.sprints.backlog_import.forms import read_staged_file
from portal.sprints.backlog_import.models import BacklogImport, ImportLine
from portal.sprints.backlog_import.tool_rules import ImportField

area = ApiArea("backlog")
IMPORTS = "/projects/<slug>/item-imports"
IMPORT = f"{IMPORTS}/<uuid:import_id>"


@area.list(IMPORTS, schemas.ItemImportSchema)
def list_item_imports(call: ApiCall, slug: str) -> ApiPage:
    """List one's own import of a project, if any: another file replaces it."""
    own = queries.find_own_import(call.actor, get_project(call.actor, slug))
    return call.page.cut_whole_list([] if own is None else [_describe_import(own)])


@area.create(IMPORTS, schemas.ItemImportSchema, body=None, takes_file=True)
def stage_item_import(call: ApiCall, slug: str) -> dict[str, Any]:
    """Upload a CSV file, in place of one's earlier one; the worker compares it with the backlog."""
    project = get_project(call.actor, slug)
    require_team_member(call.actor, project)
    file = read_staged_file(request.files.get("file"), backlog_url(project), field="file")
    imported = commands.stage_file(call.actor, project, file)
    call.location = f"/projects/{slug}/item-imports/{imported.id}"
    return _describe_import(imported)


@area.get(IMPORT, schemas.ItemImportSchema)
def get_item_import(call: ApiCall, slug: str, import_id: UUID) -> dict[str, Any]:
    """Read an import: how far it is, what it would do, or why it was refused."""
    return _describe_import(_get_project_and_import(call, slug, import_id)[1])


@area.list(f"{IMPORT}/lines", schemas.ItemImportLineSchema, query=schemas.ItemImportLineQuerySchema)
def list_item_import_lines(call: ApiCall, slug: str, import_id: UUID) -> ApiPage:
    """List the lines of a file in their order, with their changes and problems."""
    imported, first, limit = (
        _get_project_and_import(call, slug, import_id)[1],
        call.page.cursor_number,
        call.page.limit,
    )
    lines = queries.list_lines_from(imported, call.query["outcome"], first, limit + 1)
    following = lines[limit].position if len(lines) > limit else None
    return ApiPage([_describe_line(each) for each in lines[:limit]], following)


@area.change(
    f"{IMPORT}/choices",
    schemas.ItemImportSchema,
    body=schemas.ItemImportChoicesSchema,
    is_versioned=False,
)
def choose_item_import_columns(call: ApiCall, slug: str, import_id: UUID) -> dict[str, Any]:
    """Say what columns and words mean, also for the team's next file; the file is compared again."""
    project, imported = _get_project_and_import(call, slug, import_id)
    commands.choose_columns(call.actor, project, imported, _read_choices(call, project, imported))
    return _describe_import(imported)


@area.act(
    f"{IMPORT}/decisions",
    schemas.ItemImportSchema,
    body=schemas.DecideItemImportSchema,
    is_versioned=True,
)
def decide_item_import_lines(call: ApiCall, slug: str, import_id: UUID) -> dict[str, Any]:
    """Say which fields, changed here since the last import, the file overwrites."""
    project, imported = _get_project_and_import(call, slug, import_id)
    if every := call.body["every"]:
        commands.decide_all_overwrites(call.actor, project, imported, call.version, take=every == "take")
    else:
        commands.decide_line_overwrites(call.actor, project, imported, call.version, **_read_decisions(call))
    return _describe_import(imported)


@area.act(
    f"{IMPORT}/confirm",
    schemas.ItemImportSchema,
    body=schemas.DecideImportLinesSchema,
    is_versioned=True,
)
def confirm_item_import(call: ApiCall, slug: str, import_id: UUID) -> dict[str, Any]:
    """Import what was compared, all or nothing: the worker writes it, unless the backlog changed."""
    project, imported = _get_project_and_import(call, slug, import_id)
    commands.confirm_import(call.actor, project, imported, call.version, **_read_decisions(call))
    return _describe_import(imported)


@area.delete(IMPORT)
def discard_item_import(call: ApiCall, slug: str, import_id: UUID) -> None:
    """Forget a file of items; what was imported stays."""
    commands.discard_import(call.actor, *_get_project_and_import(call, slug, import_id))


def _get_project_and_import(call: ApiCall, slug: str, import_id: UUID) -> tuple[Project, BacklogImport]:
    project = get_project(call.actor, slug)
    return project, queries.get_import(call.actor, project, import_id)


def _describe_import(imported: BacklogImport) -> dict[str, Any]:
    columns = {name: getattr(imported, name, None) for name in schemas.ItemImportSchema().fields}
    explanation = labels.refusal_sentence(imported.refusal, imported.facts) if imported.refusal else ""
    return columns | {
        "version": imported.round,
        "overtaken": imported.overtaken,
        "explanation": explanation,
    }


def _describe_line(line: ImportLine) -> dict[str, Any]:
    problems = [{"code": each["code"], "detail": labels.problem_sentence(each)} for each in line.problems]
    columns = {name: getattr(line, name) for name in schemas.ItemImportLineSchema().fields}
    return columns | {"problems": problems}


def _read_choices(call: ApiCall, project: Project, imported: BacklogImport) -> ImportChoices:
    """The choices of the body. Raises `RuleBroken` for columns and people that do not exist."""
    columns, people = call.body["columns"], call.body["people"]
    if not set(columns.values()) <= set(imported.names):
        raise RuleBroken("columns", _("Ce fichier n’a pas cette colonne."))
    team = {str(id_) for id_, _name in list_team_choices(project)}
    if not set(people.values()) <= team | {""}:
        raise RuleBroken("people", _("Cette personne n’est pas de l’équipe."))
    return ImportChoices.from_json(imported.choices).renewed(
        {ImportField(name): column for name, column in columns.items()},
        **call.values("states", "kinds", "people"),
    )


def _read_decisions(call: ApiCall) -> dict[str, Any]:
    takes = {each["position"]: each["takes"] for each in call.body["lines"]}
    return {"positions": list(takes), "takes": takes}
