"""The shape of the backlog's query string."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.backlog.flow import State
from portal.backlog.listing import Filters, Where
from portal.backlog.models import TITLE_MAX, Kind
from portal.kernel.text import clean

PAGE_MAX = 9_999


def read_filters(given: Mapping[str, str], team: Collection[UUID]) -> tuple[Filters, Sequence[str]]:
    """The filters in a query string, and the names of those whose value makes no sense here.

    A link that has aged still shows a page: what cannot be followed falls back to its default.
    """
    typed = {name: text for name, value in given.items() if (text := clean(value))}
    try:
        values = _schema(team).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return Filters(**values), sorted(cast(dict[str, Any], refused.messages))
    return Filters(**values), ()


def _schema(team: Collection[UUID]) -> Schema:
    people = [Filters.NOBODY, *map(str, team)]
    shape: dict[str, fields.Field[Any]] = {
        "where": fields.Enum(Where, by_value=True),
        "kind": fields.Enum(Kind, by_value=True),
        "state": fields.Enum(State, by_value=True),
        "assignee": fields.String(validate=validate.OneOf(people)),
        "q": fields.String(validate=validate.Length(max=TITLE_MAX)),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    return Schema.from_dict(shape)(unknown=EXCLUDE)
