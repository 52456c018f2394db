"""The query string of the list of applications."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.platform.kernel.text import clean
from portal.selection.applications.list_queries import ApplicationFilters, EligibilityFilter
from portal.selection.applications.models import ApplicationState

QUERY_MAX = 100


class ApplicationFiltersSchema(Schema):
    """Filters by name; empty values are left out before."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(validate=validate.Length(max=QUERY_MAX))
    eligibility = fields.Enum(EligibilityFilter, by_value=True)
    state = fields.Enum(ApplicationState, by_value=True)
    below = fields.Boolean()
    dispersed = fields.Boolean()
    conflict = fields.Boolean()
    juror = fields.UUID()


def read_filters(arguments: Mapping[str, str]) -> tuple[ApplicationFilters, bool]:
    """The filters of a query string, and whether some were not understood and left out."""
    typed = {name: clean(value) for name, value in arguments.items() if clean(value)}
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
