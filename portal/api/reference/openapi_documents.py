"""The OpenAPI 3.1 document, made of the declared operations and their schemas."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from portal.api.reference.example_documents import build_answer_example, build_body_example
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.web.api_operations import ApiOperation
from portal.platform.web.api_problems import PROBLEM_TYPE, PROBLEMS, ProblemSchema
from portal.platform.web.api_requests import (
    FORM_TYPE,
    JSON_TYPE,
    KEY_MAX,
    NDJSON_TYPE,
    query_schema,
    requires_body,
)
from portal.platform.web.api_versions import HEADER, ApiVersion, current_api_version, operation_in_version

_ARGUMENT = re.compile(r"<(?:(\w+)(?:\(max=(\d+)\))?:)?(\w+)>")
_ETAG = '"[0-9]{1,10}(-[0-9a-f]+)?"'
_IF_MATCH = rf"^(\*|{_ETAG}(, {_ETAG})*)$"
_COMMON = (400, 401, 403, 404, 414, 422, 429, 503)
_OF_WRITES = (409, 413, 415, 507)
_ANSWER_HEADERS = {
    HEADER: "The version of the API by which the answer is.",
    "Location": "The address of what was created, where it is one thing that is read alone.",
    "Deprecation": "Since when it is deprecated (RFC 9745).",
    "Sunset": "From when on it is not there (RFC 8594).",
}
_FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}
_ABOUT = """\
Everything that a person may read or do in the portal about programmes and projects, by the same
rules as its pages. The page `/api` of an installation is its guide.
The version of this document is the day from which it holds. A token keeps the version of its first use,
which each answer says by `API-Version`; an answer of an earlier version, or of what is deprecated, says by
`Deprecation` since when and by `Sunset` until when it is so. A token of a version that is gone is answered
by the oldest that lives; of one that this installation does not know yet, by the current one.
Bodies are read as they are, in UTF-8 and without `Content-Encoding`. A request whose first line or one of
whose headers is over 8190 bytes is refused by the server before the portal sees it (414, 431), as
text or HTML.
During maintenance, everybody but administrators is refused (503 `maintenance`, with `Retry-After`)."""
_ASKS_AGAIN = (
    "Refused to every token (403 `proof_required`): the page asks for the second factor again, and a token"
    " proves nothing again."
)


def build_document(operations: Iterable[ApiOperation], version: ApiVersion | None = None) -> dict[str, Any]:
    """The document of a version (None: the current one) as plain data, in the order of addresses."""
    version = version or current_api_version()
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="Portail des lauréats", version=version.name, openapi_version="3.1.0", plugins=[plugin]
    )
    spec.options["info"] = {"description": _ABOUT}
    spec.options["servers"] = [{"url": API_PREFIX}]
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemSchema)
    for status, (code, _sentence) in PROBLEMS.items():
        content = {PROBLEM_TYPE: {"schema": ProblemSchema}}
        spec.components.response(f"Problem{status}", {"description": code, "content": content})
    converter = plugin.converter
    assert converter is not None  # noqa: S101  the specification has set it
    converter.add_attribute_function(_choice_field_type)  # type: ignore[no-untyped-call]
    for name, about in _ANSWER_HEADERS.items():
        spec.components.header(name, {"description": about, "schema": {"type": "string"}})
    for declared in sorted(operations, key=lambda each: (each.path, each.method)):
        operation = operation_in_version(version, declared)
        path = _ARGUMENT.sub(r"{\3}", operation.path)
        described = _build_operation_object(operation, converter)
        spec.path(path=path, operations={operation.method.lower(): described})
    return spec.to_dict()


def _choice_field_type(
    _converter: OpenAPIConverter, _field: Any, *, ret: Mapping[str, Any]
) -> dict[str, Any]:
    """The type of a choice, which the library leaves out."""
    values = ret.get("enum", ())
    if "type" in ret or not values:
        return {}
    kinds = {str: "string", int: "integer", type(None): "null"}
    types = [name for kind, name in kinds.items() if any(isinstance(value, kind) for value in values)]
    return {"type": types[0] if len(types) == 1 else types}


def _schema_name(schema: Any) -> str:
    name: str = (schema if isinstance(schema, type) else type(schema)).__name__
    return name.removesuffix("Schema")


def _build_operation_object(operation: ApiOperation, converter: OpenAPIConverter) -> dict[str, Any]:
    parameters = [*_path_parameters(operation.path), *_query_parameters(operation, converter)]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.area],
        "summary": operation.summary,
        "parameters": parameters + _header_parameters(operation),
        "responses": _build_operation_responses(operation),
        "security": [] if operation.is_public else [{"bearer": []}],
    }
    if operation.asks_again:
        described["description"] = _ASKS_AGAIN
    if operation.deprecation:
        described["deprecated"] = True
    if operation.body is not None:
        content = {"schema": operation.body, "example": build_body_example(operation.body)}
        described["requestBody"] = {"required": requires_body(operation), "content": {JSON_TYPE: content}}
    if operation.takes_file:
        described["requestBody"] = {"required": True, "content": {FORM_TYPE: {"schema": _FILE_FORM}}}
    return described


def _path_parameters(path: str) -> Sequence[Mapping[str, Any]]:
    parameters = []
    for converter, largest, name in _ARGUMENT.findall(path):
        schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 100}
        if converter == "int":
            schema = {"type": "integer", "minimum": 0, "maximum": int(largest)}
        elif converter == "uuid":
            schema = {"type": "string", "format": "uuid"}
        parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    return parameters


def _query_parameters(operation: ApiOperation, converter: OpenAPIConverter) -> Sequence[Mapping[str, Any]]:
    described: Sequence[Mapping[str, Any]] = converter.schema2parameters(
        query_schema(operation)(), location="query"
    )
    return described


def _header_parameters(operation: ApiOperation) -> list[dict[str, Any]]:
    parameters = []
    if operation.is_versioned:
        about = "The `ETag` that was read, several, or `*`; the field `version` alone, in quotes, is enough."
        if operation.read_by:
            about += f" It is that of {' or '.join(f'`{id_}`' for id_ in operation.read_by)}."
        pattern = {"type": "string", "pattern": _IF_MATCH}
        parameters.append(_build_header_parameter("If-Match", pattern, about) | {"required": True})
    if operation.accepts_idempotency_key:
        about = "A word of yours: sent twice with one body, it acts once (for a day)."
        parameters.append(
            _build_header_parameter("Idempotency-Key", {"type": "string", "maxLength": KEY_MAX}, about)
        )
    return parameters


def _build_header_parameter(name: str, schema: Mapping[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": about, "schema": schema}


def _build_operation_responses(operation: ApiOperation) -> dict[str, Any]:
    statuses = {*_COMMON, *(_OF_WRITES if operation.writes else ())}
    statuses |= {412, 428} if operation.is_versioned else set()
    statuses -= {401, 403} if operation.is_public else set()
    refusals = {str(status): f"Problem{status}" for status in sorted(statuses)}
    success = _build_success_response(operation)
    success.setdefault("headers", {}).update({name: name for name in _list_success_header_names(operation)})
    return {str(operation.status): success, **refusals}


def _list_success_header_names(operation: ApiOperation) -> Sequence[str]:
    """The headers of a success that the components describe."""
    own = [HEADER, *(("Deprecation", "Sunset") if operation.deprecation else ())]
    return own + (["Location"] if operation.status == 201 else [])


def _build_success_response(operation: ApiOperation) -> dict[str, Any]:
    if operation.answer is None:
        return {"description": "Done."}
    if operation.is_content:
        return {"description": "The bytes of the file.", "content": {"*/*": {"schema": {}}}}
    headers = {"ETag": {"schema": {"type": "string"}}}
    if operation.is_stream:
        return {
            "description": "One JSON object a line.",
            "content": {
                NDJSON_TYPE: _schema_with_example(operation.answer, build_answer_example(operation.answer))
            },
        }
    example = build_answer_example(operation.answer)
    if operation.is_list:
        example = {"data": [example], "next_cursor": None}
        headers["Link"] = {"schema": {"type": "string"}}
        schema: Any = {
            "type": "object",
            "required": ["data", "next_cursor"],
            "properties": {
                "data": {"type": "array", "items": operation.answer},
                "next_cursor": {"type": ["string", "null"]},
            },
        }
    else:
        schema = operation.answer
    return {
        "description": "Done.",
        "headers": headers,
        "content": {JSON_TYPE: _schema_with_example(schema, example)},
    }


def _schema_with_example(schema: Any, example: Any) -> dict[str, Any]:
    return {"schema": schema, "example": example}
