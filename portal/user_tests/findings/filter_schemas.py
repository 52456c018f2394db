"""Schema of the query string of the list of findings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.platform.kernel.text import clean_text
from portal.platform.web.api_fields import ApiSchema, person_filter, query_flag
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.findings.list_queries import (
    CURSOR,
    GROUPS,
    NOBODY,
    SEVERE_FILTER,
    UNRATED,
    FindingFilters,
    FindingSort,
)
from portal.user_tests.findings.models import SEVERITY_MAX, SEVERITY_MIN
from portal.user_tests.findings.state_queries import FindingState

SEVERITIES = (SEVERE_FILTER, UNRATED, *map(str, range(SEVERITY_MIN, SEVERITY_MAX + 1)))


class FindingQuerySchema(ApiSchema):
    """Which findings, by the filters of their page."""

    state = fields.String(
        validate=validate.OneOf([*GROUPS, *FindingState]),
        load_default="all",
        metadata={"description": "One state, or those that are open, or closed."},
    )
    severity = fields.String(validate=validate.OneOf(SEVERITIES), load_default="")
    harm = query_flag("Only those that may harm somebody.")
    round = fields.Integer(validate=validate.Range(1, NUMBER_MAX), load_default=None)
    owner = person_filter()


def read_filters(
    query_args: Mapping[str, str], people: Collection[UUID], rounds: Collection[int]
) -> tuple[FindingFilters, Sequence[str]]:
    """Return the filters of a query string, and the names of the invalid ones.

    An invalid filter falls back to its default, so that old links still work.
    """
    typed = {name: text for name, value in query_args.items() if (text := clean_text(value))}
    try:
        values = _build_filter_schema(people, rounds).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return FindingFilters(**values), sorted(cast(dict[str, Any], refused.messages))
    return FindingFilters(**values), ()


def _build_filter_schema(people: Collection[UUID], rounds: Collection[int]) -> Schema:
    shape: dict[str, fields.Field[Any]] = {
        "state": fields.String(validate=validate.OneOf([*GROUPS, *FindingState])),
        "severity": fields.String(validate=validate.OneOf(SEVERITIES)),
        "harm": fields.Boolean(),
        "round": fields.Integer(validate=validate.OneOf(rounds)),
        "owner": fields.String(validate=validate.OneOf([NOBODY, *map(str, people)])),
        "sort": fields.Enum(FindingSort, by_value=True),
        "after": fields.String(validate=validate.Regexp(CURSOR)),
    }
    return Schema.from_dict(shape)(unknown=EXCLUDE)
