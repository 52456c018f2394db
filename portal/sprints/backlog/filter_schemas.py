"""The schema of the backlog's query string."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.platform.kernel.text import clean_text
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import BacklogFilters, BacklogTab
from portal.sprints.backlog.models import TITLE_MAX, ItemKind

PAGE_MAX = 9_999


def read_filters(
    query_args: Mapping[str, str], team: Collection[UUID]
) -> tuple[BacklogFilters, Sequence[str]]:
    """The filters in a query string, and the names of the invalid ones.

    Invalid values fall back to their defaults, so that an old link still shows a page.
    """
    typed = {name: text for name, value in query_args.items() if (text := clean_text(value))}
    try:
        values = _build_filter_schema(team).load(typed)
    except ValidationError as refused:
        values = cast(dict[str, Any], refused.valid_data)
        return BacklogFilters(**values), sorted(cast(dict[str, Any], refused.messages))
    return BacklogFilters(**values), ()


def _build_filter_schema(team: Collection[UUID]) -> Schema:
    people = [BacklogFilters.NOBODY, *map(str, team)]
    shape: dict[str, fields.Field[Any]] = {
        "where": fields.Enum(BacklogTab, by_value=True),
        "kind": fields.Enum(ItemKind, by_value=True),
        "state": fields.Enum(ItemState, by_value=True),
        "assignee": fields.String(validate=validate.OneOf(people)),
        "q": fields.String(validate=validate.Length(max=TITLE_MAX)),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    return Schema.from_dict(shape)(unknown=EXCLUDE)
