"""The shape of the directory's query string."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.communication.directory.queries import AccountState, DirectoryFilters, DirectorySort
from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.access import Role
from portal.platform.kernel.text import clean_text

PAGE_MAX = 9999


def read_filters_and_invalid_names(
    query: Mapping[str, str], *, programmes: Collection[str]
) -> tuple[DirectoryFilters, Sequence[str]]:
    """The filters in a query string, and the names of those with an invalid value.

    Invalid values fall back to their defaults, so that an old link still shows a page.
    """
    texts = {name: text for name, value in query.items() if (text := clean_text(value))}
    try:
        values = _make_filter_schema(programmes).load(texts)
    except ValidationError as error:
        values = cast(dict[str, Any], error.valid_data)
        return DirectoryFilters(**values), sorted(cast(dict[str, Any], error.messages))
    return DirectoryFilters(**values), ()


def _make_filter_schema(programmes: Collection[str]) -> Schema:
    shape: dict[str, fields.Field[Any]] = {
        "q": fields.String(validate=validate.Length(max=EMAIL_MAX)),
        "state": fields.Enum(AccountState, by_value=True),
        "role": fields.Enum(Role, by_value=True),
        "programme": fields.String(validate=validate.OneOf(programmes)),
        "sort": fields.Enum(DirectorySort, by_value=True),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
    return Schema.from_dict(shape)(unknown=EXCLUDE)
