"""The query string of the list of applications."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.platform.kernel.text import clean_text
from portal.platform.web.api_fields import ApiSchema
from portal.selection.applications.list_queries import ApplicationFilters, EligibilityFilter
from portal.selection.applications.models import ApplicationState

QUERY_MAX = 100


def _description_metadata(text: str) -> dict[str, str]:
    return {"description": text}


class ApplicationFiltersSchema(Schema):
    """Filters by name; empty values are left out before."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(
        validate=validate.Length(max=QUERY_MAX), metadata=_description_metadata("Part of the organisation.")
    )
    eligibility = fields.Enum(EligibilityFilter, by_value=True)
    state = fields.Enum(ApplicationState, by_value=True)
    below = fields.Boolean(metadata=_description_metadata("A score is below the threshold."))
    dispersed = fields.Boolean(metadata=_description_metadata("Its jurors' scores are far apart."))
    conflict = fields.Boolean(metadata=_description_metadata("A juror declared a conflict."))
    juror = fields.UUID(metadata=_description_metadata("The id of a person whom it is given to."))


class ApplicationQuerySchema(ApplicationFiltersSchema, ApiSchema):
    """Which applications, by the filters of their page."""

    class Meta(ApiSchema.Meta):
        pass


def read_filters(arguments: Mapping[str, str]) -> tuple[ApplicationFilters, bool]:
    """The filters of a query string, and whether some were not understood and left out."""
    typed = {name: clean_text(value) for name, value in arguments.items() if clean_text(value)}
    try:
        values = ApplicationFiltersSchema().load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return ApplicationFilters(**values), True
    return ApplicationFilters(**values), False


def filters_in_url(filters: ApplicationFilters) -> dict[str, str]:
    """The query string of filters."""
    values = {name: value for name, value in vars(filters).items() if value}
    return {name: "1" if value is True else str(value) for name, value in values.items()}
