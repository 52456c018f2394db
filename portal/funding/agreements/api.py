"""Operations on agreements and instalments: states for readers of the project, amounts for few."""

from collections.abc import Collection
from typing import Any

from portal.funding.agreements import policy, queries
from portal.funding.agreements.schemas import (
    COUNTED_AGREEMENT,
    COUNTED_INSTALMENT,
    AgreementSchema,
    InstalmentSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage, SchemaClass
from portal.project.projects.models import Project

area = ApiArea("funding")
INSTALMENTS = "/projects/<slug>/instalments"


@area.get("/projects/<slug>/agreement", AgreementSchema)
def get_agreement(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read the agreement of a project."""
    project = queries.get_funded_project(call.actor, slug)
    return _describe(call, project, queries.get_agreement(project), AgreementSchema, COUNTED_AGREEMENT)


@area.list(INSTALMENTS, InstalmentSchema)
def list_instalments(call: ApiCall, slug: str) -> ApiPage:
    """List the instalments of a project, in their order."""
    project = queries.get_funded_project(call.actor, slug)
    page = call.page.cut(queries.list_instalments(project))
    rows = [_describe(call, project, row, InstalmentSchema, COUNTED_INSTALMENT) for row in page.rows]
    return ApiPage(rows, page.next_after)


@area.get(f"{INSTALMENTS}/<int(max=9999):number>", InstalmentSchema)
def get_instalment(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Read an instalment."""
    loaded = queries.get_instalment(call.actor, slug, number)
    return _describe(call, loaded.project, loaded.row, InstalmentSchema, COUNTED_INSTALMENT)


def _describe(
    call: ApiCall, project: Project, row: Any, schema: SchemaClass, counted: Collection[str]
) -> dict[str, Any]:
    """The columns of a row, without the `counted` ones for whoever reads states alone."""
    hidden = () if policy.reads_amounts(call.actor, project) else counted
    return {name: None if name in hidden else getattr(row, name) for name in schema().fields}
