"""The shape of the query string of a list of findings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.findings.listing import (
    GROUPS,
    NOBODY,
    PLACE,
    SEVERE_ONES,
    UNRATED,
    Filters,
    Sort,
)
from portal.findings.models import SEVERITY_MAX, SEVERITY_MIN
from portal.findings.standing import Standing
from portal.kernel.text import clean

SEVERITIES = (SEVERE_ONES, UNRATED, *map(str, range(SEVERITY_MIN, SEVERITY_MAX + 1)))


def read_filters(
    given: Mapping[str, str], people: Collection[UUID], rounds: Collection[int]
) -> tuple[Filters, Sequence[str]]:
    """The filters in a query string, and the names of those whose value makes no sense here.

    A link that has aged still shows a page: what cannot be followed falls back to its default.
    """
    typed = {name: text for name, value in given.items() if (text := clean(value))}
    try:
        values = _schema(people, rounds).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return Filters(**values), sorted(cast(dict[str, Any], refused.messages))
    return Filters(**values), ()


def _schema(people: Collection[UUID], rounds: Collection[int]) -> Schema:
    shape: dict[str, fields.Field[Any]] = {
        "state": fields.String(validate=validate.OneOf([*GROUPS, *Standing])),
        "severity": fields.String(validate=validate.OneOf(SEVERITIES)),
        "harm": fields.Boolean(),
        "round": fields.Integer(validate=validate.OneOf(rounds)),
        "owner": fields.String(validate=validate.OneOf([NOBODY, *map(str, people)])),
        "sort": fields.Enum(Sort, by_value=True),
        "after": fields.String(validate=validate.Regexp(PLACE)),
    }
    return Schema.from_dict(shape)(unknown=EXCLUDE)
