"""`If-Match` (RFC 9110, 13.1.1): the version that a write was decided on, by the ETag of its read.

The ETag of a row is its version and a digest of what was read, "3-9f2c…". A bare version, "3", is what
a client writes that kept the field `version` alone; it says nothing of the digest.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request

from portal.platform.kernel.errors import NotAllowed, NotFound, TooLate
from portal.platform.web.api_dumps import dumper_of
from portal.platform.web.api_fields import INTEGER_MAX
from portal.platform.web.api_operations import ApiCall, ApiOperation
from portal.platform.web.api_problems import ApiRefusal

NO_VERSION = -1  # that no row has
_TAG = r'(?:W/)?"[^"]*"'
_HEADER = re.compile(rf"\*|{_TAG}(?:\s*,\s*{_TAG})*")
_PARAMETER = re.compile(r"<(?:[^<>]+:)?(\w+)>")  # of an address, with or without a converter
_BARE = re.compile("[0-9]{1,10}")


def format_json(value: Any) -> str:
    """JSON as answers have it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def hash_texts(*parts: str | bytes) -> str:
    """The SHA-256 of texts, in hexadecimal."""
    encoded = (part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(b"\0".join(encoded)).hexdigest()


def format_row_with_etag(operation: ApiOperation, row: Any) -> tuple[str, str]:
    """The body that answers with a row, and its ETag without quotes."""
    body = format_json(dumper_of(operation.answer)(row))
    version = row.get("version", 0) if isinstance(row, Mapping) else getattr(row, "version", 0)
    return body, f"{version or 0}-{hash_texts(body)[:16]}"


def read_if_match_version(
    operation: ApiOperation, operations: Sequence[ApiOperation], call: ApiCall, path: Mapping[str, Any]
) -> int:
    """The version that `If-Match` holds; `NO_VERSION` where it is not what a read answers now.

    Raises `ApiRefusal` 428 without the header.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise ApiRefusal(428)
    if not _HEADER.fullmatch(header.strip()):
        return NO_VERSION
    tags = request.if_match
    sent = tags.as_set()
    if len(sent) == 1 and not tags.star_tag and (alone := _parse_tag_number(_BARE, *sent)) is not None:
        return alone
    for current in _list_current_etags(_list_reads_of_accepted_etags(operation, operations), call, path):
        version = current.partition("-")[0]
        if tags.star_tag or not sent.isdisjoint({current, version}):
            return int(version)
    return NO_VERSION


def _parse_tag_number(pattern: re.Pattern[str], tag: str) -> int | None:
    match = pattern.fullmatch(tag)
    if match is None:
        return None
    number = int(match[match.lastindex or 0])
    return number if number <= INTEGER_MAX else NO_VERSION


def _list_reads_of_accepted_etags(
    operation: ApiOperation, operations: Sequence[ApiOperation]
) -> list[ApiOperation]:
    """The reads whose ETags an operation takes: those it names, else that of its address, else the
    nearest above that answers the same."""
    reads = [each for each in operations if not each.writes and not (each.is_list or each.is_stream)]
    if operation.read_by:
        return [each for each in reads if each.id in operation.read_by]
    above = [each for each in reads if f"{operation.path}/".startswith(f"{each.path}/")]
    alike = [each for each in above if each.path == operation.path or each.answer is operation.answer]
    return sorted(alike, key=lambda each: len(each.path))[-1:]


def _list_current_etags(
    reads: Sequence[ApiOperation], call: ApiCall, path: Mapping[str, Any]
) -> Iterator[str]:
    """The ETags that the reads answer now; none of what the actor does not read."""
    for read in reads:
        query_schema = read.query
        default_query = query_schema().load({}) if query_schema else {}
        own = {name: path[name] for name in _PARAMETER.findall(read.path)}
        try:
            row = read.view(ApiCall(actor=call.actor, query=default_query), **own)
        except (NotFound, NotAllowed, TooLate):
            continue
        yield format_row_with_etag(read, row)[1]
