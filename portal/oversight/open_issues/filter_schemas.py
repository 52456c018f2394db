"""The schema of the query string of the list of open issues."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from portal.oversight.open_issues.filter_rules import (
    EthicsFilter,
    IssueFilters,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    TransparencySheetFilter,
)
from portal.oversight.portfolio.filter_schemas import PAGE_MAX, load_valid_values
from portal.project.projects.models import ORGANISATION_MAX


def read_filters(
    query_args: Mapping[str, str], *, coaches: Collection[UUID], tracks: Collection[str]
) -> tuple[IssueFilters, Sequence[str]]:
    """The filters of a query string, and the names of those with an invalid value.

    An invalid value falls back to its default, as in the portfolio.
    """
    shape: dict[str, fields.Field[Any]] = {
        "severity": fields.Enum(SeverityFilter, by_value=True),
        "ethics": fields.Enum(EthicsFilter, by_value=True),
        "risks": fields.Enum(RisksFilter, by_value=True),
        "sheet": fields.Enum(TransparencySheetFilter, by_value=True),
        "overdue": fields.Boolean(),
        "coach": fields.UUID(validate=validate.OneOf(coaches)),
        "track": fields.String(validate=validate.OneOf(tracks)),
        "organisation": fields.String(validate=validate.Length(max=ORGANISATION_MAX)),
        "sort": fields.Enum(IssueSort, by_value=True),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    values, invalid = load_valid_values(shape, query_args)
    return IssueFilters(**values), invalid
