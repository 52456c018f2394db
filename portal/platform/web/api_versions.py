"""Versions of the API: those that live, what an operation was in an earlier one, and what is to go.

A version is called by the day from which it holds; a change that breaks clients begins another one. A
token keeps the version of its first use. Beside the current one its predecessor lives, until its last
day: its answers say so by `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), as do those of an operation
or a field that goes before its version does.

To break a client of `get_sprint`: add a version to `VERSIONS`, give the one before its `sunset_on`, change
the operation, and declare beside it what it was (`ApiArea.earlier`). `python -m tools.openapi` compares the
committed document with that of its own version. `/v1` of addresses changes with the conventions alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from flask import Response, request
from marshmallow import fields
from werkzeug.http import http_date

from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.web.api_operations import ApiOperation, Deprecation, SchemaClass

HEADER = "API-Version"
_MARK = "deprecation"  # in the metadata of a field


@dataclass(frozen=True)
class ApiVersion:
    """A version by its first day (ISO); `sunset_on` is when an earlier one goes, None for the current."""

    name: str
    sunset_on: date | None = None


VERSIONS: tuple[ApiVersion, ...] = (ApiVersion("2026-11-29"),)  # the oldest first: at most two


def current_api_version() -> ApiVersion:
    """The version that a token gets at its first use."""
    return VERSIONS[-1]


def get_api_version(name: str | None) -> ApiVersion:
    """The version of a name: the current one without it, the oldest that lives where it is gone.

    The current one too where none that lives is as late: a newer release noted it, and an earlier one was
    put back. `API-Version` tells what was taken.
    """
    if not name:
        return current_api_version()
    return next((each for each in VERSIONS if each.name >= name), current_api_version())


def operation_in_version(version: ApiVersion, operation: ApiOperation) -> ApiOperation:
    """What an operation is in a version: itself, or the earlier one that held until then."""
    return next((each for until, each in operation.earlier if version.name <= until), operation)


def deprecate_field(field: fields.Field[Any], deprecation: Deprecation) -> fields.Field[Any]:
    """Mark a field of a schema as one that goes; returns it."""
    field.metadata = {**field.metadata, "deprecated": True, _MARK: deprecation}
    return field


def add_version_headers(response: Response, operation: ApiOperation, version: ApiVersion) -> None:
    """Add the headers that say by which version an answer is, and what of it is to go."""
    response.headers[HEADER] = version.name
    deprecations = [*_iterate_operation_deprecations(operation), *_iterate_version_deprecations(version)]
    if deprecations:
        since = min(each.since for each in deprecations)
        sunset_on = min(each.sunset_on for each in deprecations)
        response.headers["Deprecation"] = f"@{int(_midnight(since).timestamp())}"
        response.headers["Sunset"] = http_date(_midnight(sunset_on))
        guide = f"{get_service(Settings).public_base_url}/api#promises"
        response.headers.add("Link", f'<{guide}>; rel="deprecation"; type="text/html"')


def _iterate_version_deprecations(version: ApiVersion) -> Iterator[Deprecation]:
    """The end of an earlier version, which the next one has brought about."""
    following = next((each for each in VERSIONS if each.name > version.name), None)
    if following is not None and version.sunset_on is not None:
        yield Deprecation(date.fromisoformat(following.name), version.sunset_on)


def _iterate_operation_deprecations(operation: ApiOperation) -> Iterator[Deprecation]:
    """The ends of an operation, of a field that it answers, and of what the request has sent."""
    if operation.deprecation:
        yield operation.deprecation
    yield from (each for _name, each in _list_deprecated_fields(operation.answer))
    if operation.query:
        yield from (each for name, each in _list_deprecated_fields(operation.query) if name in request.args)
    sent_fields = dict(_list_deprecated_fields(operation.body))
    if sent_fields:
        body = request.get_json(silent=True)
        names = body if isinstance(body, dict) else ()
        yield from (each for name, each in sent_fields.items() if name in names)


@cache
def _list_deprecated_fields(schema: SchemaClass | None) -> Sequence[tuple[str, Deprecation]]:
    """(name, end) of the fields of a schema that go."""
    if schema is None:
        return ()
    declared = schema._declared_fields.items()
    return [(name, field.metadata[_MARK]) for name, field in declared if _MARK in field.metadata]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
