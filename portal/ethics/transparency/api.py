"""Operations on the transparency sheet of a project; its publication asks for a proof that tokens lack."""

from typing import Any

from portal.ethics.transparency import commands, queries, schemas
from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content
from portal.ethics.transparency.field_rules import list_missing_fields
from portal.ethics.transparency.forms import form_field_name, stored_text_name
from portal.ethics.transparency.models import Publication, TransparencyPartKind
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

area = ApiArea("ethics")
SHEET = "/projects/<slug>/transparency"


@area.get(SHEET, schemas.TransparencySheetSchema)
def get_transparency(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read the transparency sheet of a project as it would be published."""
    project = get_project(call.actor, slug)
    draft, current = queries.get_draft(project), queries.find_current_publication(project)
    content = build_bilingual_sheet(queries.read_sheet_facts(call.actor, project), draft)
    fingerprint = fingerprint_content(content)
    needed = list_missing_fields(draft.texts, only_needed=True)
    return {
        "content": content,
        "fingerprint": fingerprint,
        "needed": [f"{field.key}_{language}".rstrip("_") for field, language in needed],
        "is_published": current is not None,
        "is_outdated": current is not None and current.fingerprint != fingerprint,
    }


@area.get(f"{SHEET}/public", schemas.TransparencyPublicSchema)
def get_transparency_public(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read what the sheet says to everybody."""
    return _dump_sheet_part(get_project(call.actor, slug), TransparencyPartKind.PUBLIC)


@area.change(f"{SHEET}/public", schemas.TransparencyPublicSchema)
def write_transparency_public(call: ApiCall, slug: str) -> dict[str, Any]:
    """Write what the sheet says to everybody; `If-Match: "0"` for first texts."""
    return _write_sheet_part(call, slug, TransparencyPartKind.PUBLIC)


@area.get(f"{SHEET}/experts", schemas.TransparencyExpertsSchema)
def get_transparency_experts(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read what the sheet says to experts."""
    return _dump_sheet_part(get_project(call.actor, slug), TransparencyPartKind.EXPERTS)


@area.change(f"{SHEET}/experts", schemas.TransparencyExpertsSchema)
def write_transparency_experts(call: ApiCall, slug: str) -> dict[str, Any]:
    """Write what the sheet says to experts; `If-Match: "0"` for first texts."""
    return _write_sheet_part(call, slug, TransparencyPartKind.EXPERTS)


@area.get(f"{SHEET}/choice", schemas.TransparencyRowSelectionSchema)
def get_transparency_choice(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read which data sources and risks appear on the sheet, by number; all of them at first."""
    return _dump_choice(call, get_project(call.actor, slug))


@area.change(f"{SHEET}/choice", schemas.TransparencyRowSelectionSchema)
def choose_transparency_rows(call: ApiCall, slug: str) -> dict[str, Any]:
    """Choose which data sources and risks appear; the sheet says how many do not."""
    project, shown_rows = get_project(call.actor, slug), call.body
    commands.choose_shown_rows(call.actor, project, shown_rows["sources"], shown_rows["risks"], call.version)
    return _dump_choice(call, project)


def _dump_choice(call: ApiCall, project: Project) -> dict[str, Any]:
    draft = queries.get_draft(project)
    row = draft.rows.get(TransparencyPartKind.CHOICE)
    shown = queries.list_shown_row_numbers(queries.read_sheet_facts(call.actor, project), draft.choice)
    return {**shown, "version": row.version if row else 0}


def _write_sheet_part(call: ApiCall, slug: str, part: TransparencyPartKind) -> dict[str, Any]:
    project = get_project(call.actor, slug)
    values = {stored_text_name(name): value for name, value in call.body.items()}
    commands.save_sheet_part(call.actor, project, part, values, call.version)
    return _dump_sheet_part(project, part)


def _dump_sheet_part(project: Project, part: TransparencyPartKind) -> dict[str, Any]:
    row = queries.get_draft(project).rows.get(part)
    values = {form_field_name(name): value for name, value in row.values.items()} if row else {}
    return values | {"version": row.version if row else 0}


@area.list(f"{SHEET}/editions", schemas.TransparencyEditionSchema)
def list_transparency_editions(call: ApiCall, slug: str) -> ApiPage:
    """List the editions of the sheet, the latest first."""
    editions = queries.list_editions(get_project(call.actor, slug))
    return call.page.cut_whole_list([each.publication for each in editions])


@area.act(
    f"{SHEET}/publish",
    schemas.TransparencyEditionSchema,
    body=schemas.PublishTransparencySchema,
    asks_again=True,
)
def publish_transparency(call: ApiCall, slug: str) -> Publication:
    """Publish the sheet that was reviewed: everybody may read it then."""
    return commands.publish_sheet(call.actor, get_project(call.actor, slug), **call.body)


@area.act(
    f"{SHEET}/withdraw",
    schemas.TransparencyEditionSchema,
    body=schemas.TransparencyWithdrawalSchema,
)
def withdraw_transparency(call: ApiCall, slug: str) -> Publication:
    """Withdraw the public edition of the sheet."""
    project = get_project(call.actor, slug)
    edition = queries.get_current_publication(project)
    commands.withdraw_edition(call.actor, project, edition, call.body["reason"])
    return edition
