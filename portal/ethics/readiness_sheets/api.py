"""Operations on readiness sheets and the answers of their sections."""

from portal.ethics.questionnaires.answer_documents import parse_answers
from portal.ethics.readiness_sheets import commands, queries, schemas
from portal.ethics.readiness_sheets.definition_documents import SHEET_KINDS, get_latest_definition
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.queries import get_version

area = ApiArea("ethics")
SHEETS = "/projects/<slug>/readiness-sheets"
SHEET = f"{SHEETS}/<int(max=9999):number>"

sheets = NumberedApi(
    area, "readiness-sheets", ("readiness_sheet", "readiness_sheets"), Sheet, schemas.ReadinessSheetSchema
).reads()
sheets.histories(commands.HISTORY_ACTIONS)
sheets.acts(
    "upgrade",
    "upgrade_readiness_sheet",
    "Upgrade a sheet to the latest edition of its questions.",
    commands.upgrade_edition,
)
sheets.acts(
    "complete",
    "complete_readiness_sheet",
    "Declare a sheet complete: its answers never change then; whoever declared it corrects its day.",
    commands.complete_sheet,
    schemas.CompleteSheetSchema,
)


@area.create(SHEETS, schemas.ReadinessSheetSchema, body=schemas.BeginSheetSchema)
def begin_readiness_sheet(call: ApiCall, slug: str) -> Sheet:
    """Begin a sheet of a kind, with the answers of the last one where that kind carries them."""
    project, kind = get_project(call.actor, slug), call.body["kind"]
    if kind not in SHEET_KINDS:
        kinds = ", ".join(SHEET_KINDS)
        raise RuleBroken("kind", _("Choisissez parmi\u00a0: %(kinds)s.", kinds=kinds))
    version = _find_prototype_version(call.actor, project, call.body["prototype_version"])
    sheet = commands.begin_sheet(call.actor, project, get_latest_definition(kind), version)
    call.location = f"/projects/{slug}/readiness-sheets/{sheet.number}"
    return sheet


@area.act(
    f"{SHEET}/prototype-version",
    schemas.ReadinessSheetSchema,
    body=schemas.SetSheetPrototypeVersionSchema,
    is_versioned=True,
)
def set_readiness_sheet_version(call: ApiCall, slug: str, number: int) -> Sheet:
    """Say which version of the prototype a sheet is about."""
    project = get_project(call.actor, slug)
    sheet = queries.get_sheet(call.actor, project, number)
    version = _find_prototype_version(call.actor, project, call.body["prototype_version"])
    commands.set_prototype_version(call.actor, project, sheet, version, call.version)
    return sheet


def _find_prototype_version(actor: Actor, project: Project, number: int | None) -> PrototypeVersion | None:
    return get_version(actor, project, number) if number else None


@area.list(f"{SHEET}/sections", schemas.SheetSectionSchema)
def list_readiness_sheet_sections(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the sections of a sheet with their answers, in the order of its questions."""
    filled = queries.read_sheet(call.actor, get_project(call.actor, slug), number)
    keys = [section.key for section in filled.definition.sections]
    return call.page.cut_whole_list([filled.sections[key] for key in keys if key in filled.sections])


@area.get(f"{SHEET}/sections/<section>", schemas.SheetSectionSchema)
def get_readiness_sheet_section(call: ApiCall, slug: str, number: int, section: str) -> SheetSection:
    """Read a section of a sheet with its answers."""
    return queries.get_sheet_section(
        queries.get_sheet(call.actor, get_project(call.actor, slug), number), section
    )


@area.change(f"{SHEET}/sections/<section>", schemas.SheetSectionSchema, body=schemas.SaveSheetSectionSchema)
def fill_readiness_sheet_section(call: ApiCall, slug: str, number: int, section: str) -> SheetSection:
    """Replace the answers of a section."""
    project = get_project(call.actor, slug)
    sheet = queries.get_sheet(call.actor, project, number)
    row = queries.get_sheet_section(sheet, section)
    parsed = parse_answers(queries.get_definition(sheet), call.body["answers"])
    if parsed.unknown or parsed.misfits:
        keys = ", ".join([*parsed.unknown, *parsed.misfits])
        raise RuleBroken("answers", _("Ces réponses ne vont pas à leur question\u00a0: %(keys)s.", keys=keys))
    commands.fill_section(call.actor, project, sheet, row, parsed.answers, expected_version=call.version)
    return row
