"""The shape of the query string of a programme's findings and ethics."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.concerns.listing import Ethics, Filters, Risks, Severity, Sheet, Sort
from portal.kernel.text import clean
from portal.portfolio.filters import PAGE_MAX
from portal.projects.models import ORGANISATION_MAX


def read_filters(
    given: Mapping[str, str], *, coaches: Collection[UUID], tracks: Collection[str]
) -> tuple[Filters, Sequence[str]]:
    """The filters, and the names of those whose value makes no sense here: as the portfolio, a link
    that has aged still shows a page."""
    typed = {name: text for name, value in given.items() if (text := clean(value))}
    shape: dict[str, fields.Field[Any]] = {
        "severity": fields.Enum(Severity, by_value=True),
        "ethics": fields.Enum(Ethics, by_value=True),
        "risks": fields.Enum(Risks, by_value=True),
        "sheet": fields.Enum(Sheet, by_value=True),
        "overdue": fields.Boolean(),
        "coach": fields.UUID(validate=validate.OneOf(coaches)),
        "track": fields.String(validate=validate.OneOf(tracks)),
        "organisation": fields.String(validate=validate.Length(max=ORGANISATION_MAX)),
        "sort": fields.Enum(Sort, by_value=True),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    try:
        values = Schema.from_dict(shape)(unknown=EXCLUDE).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return Filters(**values), sorted(cast(dict[str, Any], refused.messages))
    return Filters(**values), ()
