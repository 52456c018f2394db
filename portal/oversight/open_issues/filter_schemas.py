"""The schema of the query string of the list of open issues."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.oversight.open_issues.filter_rules import (
    EthicsFilter,
    IssueFilters,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    SheetFilter,
)
from portal.oversight.portfolio.filter_schemas import PAGE_MAX
from portal.platform.kernel.text import clean
from portal.project.projects.models import ORGANISATION_MAX


def read_filters(
    query_args: Mapping[str, str], *, coaches: Collection[UUID], tracks: Collection[str]
) -> tuple[IssueFilters, Sequence[str]]:
    """The filters of a query string, and the names of those with an invalid value.

    An invalid value falls back to its default, as in the portfolio.
    """
    typed = {name: text for name, value in query_args.items() if (text := clean(value))}
    shape: dict[str, fields.Field[Any]] = {
        "severity": fields.Enum(SeverityFilter, by_value=True),
        "ethics": fields.Enum(EthicsFilter, by_value=True),
        "risks": fields.Enum(RisksFilter, by_value=True),
        "sheet": fields.Enum(SheetFilter, by_value=True),
        "overdue": fields.Boolean(),
        "coach": fields.UUID(validate=validate.OneOf(coaches)),
        "track": fields.String(validate=validate.OneOf(tracks)),
        "organisation": fields.String(validate=validate.Length(max=ORGANISATION_MAX)),
        "sort": fields.Enum(IssueSort, by_value=True),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    try:
        values = Schema.from_dict(shape)(unknown=EXCLUDE).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return IssueFilters(**values), sorted(cast(dict[str, Any], refused.messages))
    return IssueFilters(**values), ()
