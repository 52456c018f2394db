"""Reading a request of the API: query string, JSON body, version, idempotency key. All refusals here."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema, ValidationError, fields, validate

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.api_fields import ApiSchema, OptionalBodySchema, query_flag
from portal.platform.web.api_operations import ApiCall, ApiOperation, SchemaClass
from portal.platform.web.api_pages import PAGE_DEFAULT, PAGE_MAX, PageRequest, read_cursor
from portal.platform.web.api_problems import PLAIN, REASONS, ApiRefusal

CURSOR_MAX = 200
KEY_MAX = 100
JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"
NDJSON_TYPE = "application/x-ndjson"
_BROKEN = re.compile("[\x00\ud800-\udfff]")


class ListQuerySchema(ApiSchema):
    """The parameters that every list takes."""

    cursor = fields.String(
        validate=lambda text: len(text) <= CURSOR_MAX,
        metadata={"description": "From the link to the next page."},
    )
    limit = fields.Integer(
        validate=validate.Range(1, PAGE_MAX),
        load_default=PAGE_DEFAULT,
        metadata={"description": "Rows of a page."},
    )


class WriteQuerySchema(ApiSchema):
    """The parameter that every write takes."""

    dry_run = query_flag("Checks everything and answers as usual, but keeps nothing.")


@cache
def query_schema(operation: ApiOperation) -> SchemaClass:
    """The schema of the whole query string: the operation's own parameters, and the usual ones."""
    usual = [ListQuerySchema] if operation.is_list else [WriteQuerySchema] if operation.writes else []
    own = [operation.query] if operation.query else []
    return type("OperationQuery", (*own, *usual, ApiSchema), {})


@cache
def _query_schema_instance(operation: ApiOperation) -> Schema:
    return query_schema(operation)()


@cache
def _body_schema_instance(schema: SchemaClass) -> Schema:
    return schema()


def read_api_call(operation: ApiOperation) -> tuple[ApiCall, bool]:
    """The call that the request makes, and whether it is a dry run. Raises `ApiRefusal`."""
    if request.headers.get("Content-Encoding", PLAIN).strip().lower() not in {"", PLAIN}:
        raise ApiRefusal(415, sentence=_("Envoyez le corps tel quel, sans Content-Encoding."))
    query = _read_query(operation)
    dry_run = query.pop("dry_run", False)
    page = _read_page_request(query) if operation.is_list else PageRequest()
    body = None
    if operation.takes_file:
        _require_multipart_form()
    elif operation.body or (operation.writes and _has_body()):
        schema = _body_schema_instance(operation.body or ApiSchema)
        is_left_out = not _has_body() and not requires_body(operation)
        body = _load_or_refuse(schema, {} if is_left_out else read_json())
    actor = get_actor() if not operation.is_public else None
    return ApiCall(actor=actor, query=query, body=body, page=page), dry_run  # type: ignore[arg-type]  # public operations have no actor


def requires_body(operation: ApiOperation) -> bool:
    """Whether a body must be sent."""
    return operation.body is None or not issubclass(operation.body, OptionalBodySchema)


def _require_multipart_form() -> None:
    if request.mimetype != FORM_TYPE:
        raise ApiRefusal(415, sentence=_("Envoyez le fichier dans un formulaire (multipart/form-data)."))


def _has_body() -> bool:
    """Whether anything is sent; parts of a form are no longer among the bytes once they are read."""
    return bool(request.get_data() or request.form or request.files)


def read_json() -> Any:
    """The JSON of the body. Raises `ApiRefusal` 415, 400 and 422."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != JSON_TYPE or charset not in {"utf-8", "utf8"}:
        raise ApiRefusal(415, sentence=_("Le corps doit être en JSON (application/json), en UTF-8."))
    try:
        value = json.loads(
            request.get_data().decode(),
            parse_constant=_refuse_nan_and_infinity,
            object_pairs_hook=_build_json_object_with_unique_names,
        )
        texts = list(_iterate_texts(value))
    except RecursionError:
        raise ApiRefusal(400, sentence=_("Ce JSON emboîte trop d’objets ou de listes.")) from None
    except ValueError:
        raise ApiRefusal(400, sentence=_("Ce n’est pas du JSON en UTF-8.")) from None
    if any(_BROKEN.search(text) for text in texts):
        raise ApiRefusal(400, sentence=_("Un texte contient un caractère qui ne peut pas être gardé."))
    return value


def read_idempotency_key(operation: ApiOperation) -> str:
    """The header `Idempotency-Key` of a write that takes one; "" without. Raises `ApiRefusal` 422."""
    key = request.headers.get("Idempotency-Key", "")
    if key and operation.refuses_idempotency_key:
        raise ApiRefusal(422, "key_refused", REASONS["key_refused"][1])
    if not operation.accepts_idempotency_key:
        return ""
    if len(key) > KEY_MAX:
        raise ApiRefusal(422, "invalid_key", _("Cette clé a plus de %(n)s caractères.", n=KEY_MAX))
    return key


def _refuse_nan_and_infinity(_name: str) -> NoReturn:
    """NaN and infinities are no JSON."""
    raise ValueError


def _build_json_object_with_unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises `ApiRefusal` 400 for a name that comes twice."""
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ApiRefusal(400, sentence=_("Un champ est donné deux fois dans le même objet JSON."))
    return values


def _iterate_texts(value: Any) -> Iterator[str]:
    """The texts in a JSON value, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _iterate_texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _iterate_texts(part)


def _read_query(operation: ApiOperation) -> dict[str, Any]:
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        raise ApiRefusal(422, errors=[(f"?{name}", _("Donnez ce paramètre une fois.")) for name in repeated])
    values: dict[str, Any] = _load_or_refuse(
        _query_schema_instance(operation), dict(request.args), query=True
    )
    return values


def _read_page_request(query: dict[str, Any]) -> PageRequest:
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    after = None if cursor is None else read_cursor(cursor, hash_requested_list())
    return PageRequest(after=after, limit=limit)


def hash_requested_list() -> str:
    """A short text that names the list of this request, with its filters: a cursor is of one list."""
    filters = sorted(item for item in request.args.items() if item[0] not in {"cursor", "limit"})
    return hashlib.sha256(repr((request.path, filters)).encode()).hexdigest()[:10]


def _load_or_refuse(schema: Schema, values: Any, *, query: bool = False) -> Any:
    try:
        return schema.load(values)
    except ValidationError as refused:
        errors = list(_flatten_messages(refused.messages, "?" if query else ""))
        raise ApiRefusal(422, errors=errors) from None


def _flatten_messages(messages: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """(JSON pointer, sentence) of each message of marshmallow; the pointer "" is the whole body."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            part = str(name).replace("~", "~0").replace("/", "~1")
            if name == "_schema":  # of the whole object
                yield from _flatten_messages(inner, pointer)
            else:
                yield from _flatten_messages(inner, f"?{part}" if pointer == "?" else f"{pointer}/{part}")
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flatten_messages(inner, pointer)
    else:
        yield pointer, str(messages)
