"""Operations on the facts that only gates ask for: engagement, change plan, panels."""

from typing import Any
from uuid import UUID

from portal.oversight.gates import fact_commands, fact_queries
from portal.oversight.gates import fact_schemas as schemas
from portal.oversight.gates.fact_commands import ChangePlanTexts, KeyRolesFacts, PanelFacts
from portal.oversight.gates.models import ChangePlan, Panel, TeamKeyRoles
from portal.platform.kernel.errors import RuleBroken, require_row
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_team_member

area = ApiArea("oversight")
ENGAGEMENT = "/projects/<slug>/engagement"
PLAN = "/projects/<slug>/change-plan"
PANELS = "/projects/<slug>/panels"
PANEL = f"{PANELS}/<int(max=9999):number>"


@area.get(ENGAGEMENT, schemas.EngagementSchema)
def get_engagement(call: ApiCall, slug: str) -> TeamKeyRoles:
    """Read who holds the key roles of a team."""
    return require_row(fact_queries.find_key_roles(get_project(call.actor, slug)))


@area.change(ENGAGEMENT, schemas.EngagementSchema, body=schemas.KeyRolesFactsSchema)
def note_engagement(call: ApiCall, slug: str) -> TeamKeyRoles:
    """Note who holds the key roles, for the leads; `If-Match: "0"` for the first time."""
    project = get_project(call.actor, slug)
    return fact_commands.note_key_roles(call.actor, project, KeyRolesFacts(**call.body), call.version)


@area.get(PLAN, schemas.ChangePlanSchema)
def get_change_plan(call: ApiCall, slug: str) -> ChangePlan:
    """Read the change plan, for the team."""
    project = get_project(call.actor, slug)
    require_team_member(call.actor, project)
    return require_row(fact_queries.find_change_plan(project))


@area.change(PLAN, schemas.ChangePlanSchema, body=schemas.ChangePlanTextsSchema)
def write_change_plan(call: ApiCall, slug: str) -> ChangePlan:
    """Write the change plan, for the team; `If-Match: "0"` for the first time."""
    project = get_project(call.actor, slug)
    return fact_commands.write_change_plan(call.actor, project, ChangePlanTexts(**call.body), call.version)


@area.list(PANELS, schemas.PanelSchema)
def list_panels(call: ApiCall, slug: str) -> ApiPage:
    """List the panels that saw the prototype of a project, the latest first."""
    return call.page.cut_whole_list(
        list(map(_describe_panel, fact_queries.list_panels(get_project(call.actor, slug)))),
        key_by_fields("number"),
    )


@area.get(PANEL, schemas.PanelSchema)
def get_panel(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Read a panel."""
    return _describe_panel(fact_queries.get_panel(call.actor, get_project(call.actor, slug), number))


@area.create(PANELS, schemas.PanelSchema, body=schemas.PanelFactsSchema)
def record_panel(call: ApiCall, slug: str) -> dict[str, Any]:
    """Note what a panel saw and decided, for the programme's leads."""
    project = get_project(call.actor, slug)
    fact_commands.require_can_record_panel(call.actor, project)
    panel = fact_commands.record_panel(call.actor, project, _read_panel_facts(call, project))
    call.location = f"/projects/{slug}/panels/{panel.number}"
    return _describe_panel(panel)


@area.change(PANEL, schemas.PanelSchema, body=schemas.PanelFactsSchema)
def change_panel(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Change what a panel saw and decided."""
    project = get_project(call.actor, slug)
    fact_commands.require_can_record_panel(call.actor, project)
    panel = fact_queries.get_panel(call.actor, project, number)
    fact_commands.change_panel(call.actor, project, panel, _read_panel_facts(call, project), call.version)
    return _describe_panel(panel)


def _read_panel_facts(call: ApiCall, project: Project) -> PanelFacts:
    values = dict(call.body)
    return PanelFacts(version_id=_find_version_id(project, values.pop("prototype")), **values)


def _find_version_id(project: Project, number: int | None) -> UUID | None:
    ids = {each: id_ for id_, each in fact_queries.list_version_ids_and_numbers(project)}
    if number is not None and number not in ids:
        raise RuleBroken("prototype", _("Ce projet n’a pas de numéro %(n)s.", n=number))
    return None if number is None else ids[number]


def _describe_panel(panel: Panel) -> dict[str, Any]:
    values = {name: getattr(panel, name) for name in schemas.PanelSchema().fields}
    return values | {"criteria": [{"text": text, "is_met": is_met} for text, is_met in panel.criteria]}
