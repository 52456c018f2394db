"""Which changes of the OpenAPI document break a client that works with the earlier one.

Not breaking: a new operation, a new optional parameter or field of a body, a new field of an answer,
a wider limit, a type where none was told, a new code of a problem, another sentence or example.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
_NARROWER = {"maxLength": 1, "maximum": 1, "maxItems": 1, "minLength": -1, "minimum": -1, "minItems": -1}


def list_breaking_changes(before: Document, after: Document) -> list[str]:
    """What would break, as lines; empty when every client of `before` works with `after`."""
    return [
        f"{method.upper()} {path}: {fault}"
        for path, methods in before["paths"].items()
        for method, operation in methods.items()
        for fault in _iterate_operation_breaking_changes(
            (before, operation), (after, after["paths"].get(path, {}).get(method))
        )
    ]


def _iterate_operation_breaking_changes(
    before: tuple[Document, Any], after: tuple[Document, Any]
) -> Iterator[str]:
    (old_document, old), (new_document, new) = before, after
    if new is None:
        yield "is gone"
        return
    if old["operationId"] != new["operationId"]:
        yield "has another operationId"
    yield from _iterate_parameter_breaking_changes(old, new)
    yield from _iterate_schema_breaking_changes(
        (old_document, _request_body_schema(old)),
        (new_document, _request_body_schema(new)),
        "body",
        is_input=True,
    )
    for status, answer in old["responses"].items():
        if status.startswith("2") and status not in new["responses"]:
            yield f"no longer answers {status}"
        elif status.startswith("2"):
            new_answer = new["responses"][status]
            yield from _iterate_schema_breaking_changes(
                (old_document, _content_schema(answer)),
                (new_document, _content_schema(new_answer)),
                "answer",
                is_input=False,
            )


def _iterate_parameter_breaking_changes(old: Any, new: Any) -> Iterator[str]:
    old_parameters = {(each["in"], each["name"]): each for each in old["parameters"]}
    new_parameters = {(each["in"], each["name"]): each for each in new["parameters"]}
    for key in old_parameters.keys() - new_parameters.keys():
        yield f"parameter {key[1]} is gone"
    for key, parameter in new_parameters.items():
        was_required = key in old_parameters and old_parameters[key].get("required", False)
        if parameter.get("required") and not was_required:
            yield f"parameter {key[1]} is required now"


def _request_body_schema(operation: Any) -> Any:
    return _content_schema(operation.get("requestBody", {}))


def _content_schema(part: Any) -> Any:
    for kind in part.get("content", {}).values():
        return kind.get("schema", {})
    return {}


def _resolve_schema_reference(document: Document, schema: Any) -> Any:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _iterate_schema_breaking_changes(
    before: tuple[Document, Any], after: tuple[Document, Any], where: str, *, is_input: bool
) -> Iterator[str]:
    (old_document, old), (new_document, new) = before, after
    old, new = _resolve_schema_reference(old_document, old), _resolve_schema_reference(new_document, new)
    yield from _iterate_type_and_value_breaking_changes(old, new, where, is_input=is_input)
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    for name in old_fields.keys() - new_fields.keys():
        yield f"{where}.{name} is gone"
    for name in new.get("required", []) if is_input else ():
        if name not in old.get("required", []):
            yield f"{where}.{name} is required now"
    for name in old_fields.keys() & new_fields.keys():
        pair = (old_document, old_fields[name]), (new_document, new_fields[name])
        yield from _iterate_schema_breaking_changes(*pair, f"{where}.{name}", is_input=is_input)
    if "items" in old and "items" in new:
        pair = (old_document, old["items"]), (new_document, new["items"])
        yield from _iterate_schema_breaking_changes(*pair, f"{where}[]", is_input=is_input)


def _iterate_type_and_value_breaking_changes(
    old: Any, new: Any, where: str, *, is_input: bool
) -> Iterator[str]:
    old_types, new_types = _schema_types(old), _schema_types(new)
    if (old_types - new_types) if is_input else (old_types and new_types - old_types):
        yield f"{where} has another type"
    old_values, new_values = set(map(str, old.get("enum", []))), set(map(str, new.get("enum", [])))
    if is_input and old_values - new_values and new_values:
        yield f"{where} takes fewer values"
    for limit, sign in _NARROWER.items() if is_input else ():
        if limit in new and (limit not in old or (new[limit] - old[limit]) * sign < 0):
            yield f"{where} has a narrower {limit}"


def _schema_types(schema: Any) -> set[str]:
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)
