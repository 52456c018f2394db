"""Runs the operations of the API: checks the token's scope, calls, answers, once per key.

An operation's view returns a row, a mapping, an `ApiPage`, or a Flask response (files, streams).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, request, stream_with_context

from portal.platform.kernel import api_answers
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.api_dumps import dumper_of
from portal.platform.web.api_grants import get_asked_api_version, get_token_grant, require_scope
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiOperation
from portal.platform.web.api_origins import allow_origin
from portal.platform.web.api_pages import ApiPage, write_cursor
from portal.platform.web.api_preconditions import (
    format_json,
    format_row_with_etag,
    hash_texts,
    read_if_match_version,
)
from portal.platform.web.api_problems import ApiRefusal, answer_problem, is_api_request
from portal.platform.web.api_requests import (
    JSON_TYPE,
    NDJSON_TYPE,
    hash_requested_list,
    read_api_call,
    read_idempotency_key,
)
from portal.platform.web.api_versions import ApiVersion, add_version_headers, operation_in_version
from portal.platform.web.request_blocks import RequestWindow

BLUEPRINT = "api"
_KEPT_HEADERS = ("ETag", "Location")  # of an answer that is given again


@dataclass(frozen=True)
class ApiRegistry:
    """All operations, a service of the application."""

    operations: Sequence[ApiOperation]


def register_operations(app: Flask, areas: Iterable[ApiArea]) -> None:
    """Route all operations below `API_PREFIX`."""
    registry = ApiRegistry([operation for area in areas for operation in area.operations])
    provide_service(app, registry)
    blueprint = Blueprint(BLUEPRINT, __name__, url_prefix=API_PREFIX)
    for operation in registry.operations:
        blueprint.add_url_rule(
            operation.path, operation.id, _make_view(operation), methods=[operation.method]
        )
    app.register_blueprint(blueprint)
    app.register_error_handler(ApiRefusal, _answer_refusal)
    app.after_request(_add_api_headers)


def _answer_refusal(refused: ApiRefusal) -> Response:
    return answer_problem(refused.status, refused.sentence, refused.code, refused.errors)


def _make_view(declared: ApiOperation) -> Any:
    def view(**path: Any) -> Response:
        version = get_asked_api_version()
        operation = operation_in_version(version, declared)
        g.api_answer_by = operation, version
        if not operation.is_public:
            require_scope(operation)
        key = read_idempotency_key(operation)
        call, is_dry_run = read_api_call(operation)
        call.is_dry_run = is_dry_run
        is_once = bool(key) and not is_dry_run
        response = (
            _run_once_per_key(operation, call, path, key)
            if is_once
            else _run_operation(operation, call, path)
        )
        if is_dry_run and response.status_code < 400:
            db.session.rollback()
            response.headers["Dry-Run"] = "true"
        return response

    view.__name__, view.__doc__ = declared.id, declared.view.__doc__
    return view


def _run_once_per_key(operation: ApiOperation, call: ApiCall, path: Mapping[str, Any], key: str) -> Response:
    """Run a write once per key; a repeated one gets the stored answer. Raises `ApiRefusal` 422."""
    grant = get_token_grant()
    fingerprint = hash_texts(grant.token_id.hex, request.method, request.full_path, request.get_data())
    person_id = get_actor().person_id
    if not api_answers.claim_answer_key(person_id, key, fingerprint):
        stored = api_answers.find_answer(person_id, key)
        body = api_answers.read_answer_body(stored) if stored else None
        if stored is None or body is None or stored.fingerprint != fingerprint:
            raise ApiRefusal(422, "key_reused", _("Cette clé a déjà servi pour une autre demande."))
        response = Response(body, stored.status, mimetype=JSON_TYPE)
        response.headers.update(stored.headers)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    response = _run_operation(operation, call, path)
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    api_answers.save_answer(person_id, key, response.status_code, headers, response.get_data(as_text=True))
    return response


def _run_operation(operation: ApiOperation, call: ApiCall, path: Mapping[str, Any]) -> Response:
    if operation.is_versioned:
        version = get_asked_api_version()
        operations = [operation_in_version(version, each) for each in get_service(ApiRegistry).operations]
        call.version = read_if_match_version(operation, operations, call, path)
    result = operation.view(call, **path)
    if isinstance(result, Response):
        return result
    if operation.is_stream:
        return _answer_stream(operation, result)
    if operation.writes:
        flush_session()
    if operation.answer is None:
        return Response(status=operation.status, mimetype=JSON_TYPE)
    if isinstance(result, ApiPage):
        response = _answer_page(operation, result)
    else:
        response = _answer_row(operation, result)
    if call.location:
        response.headers["Location"] = API_PREFIX + call.location
    return response


def _answer_stream(operation: ApiOperation, batches: Iterator[Sequence[Any]]) -> Response:
    """One JSON object a line; each batch is read once the reader has taken the one before.

    The first one is read at once, so that a refusal is still a problem. A batch ends its
    transaction: a slow reader holds no connection to the database.
    """
    dump = dumper_of(operation.answer)

    def write_batch(rows: Sequence[Any]) -> bytes:
        text = "".join(f"{format_json(dump(row))}\n" for row in rows)
        db.session.close()
        return text.encode()

    first = write_batch(next(batches, ()))
    pieces = stream_with_context(chain([first], map(write_batch, batches)))
    return Response(pieces, mimetype=NDJSON_TYPE, direct_passthrough=True)


def _answer_row(operation: ApiOperation, row: Any) -> Response:
    body, etag = format_row_with_etag(operation, row)
    response = Response(body, operation.status, mimetype=JSON_TYPE)
    response.set_etag(etag)
    return response


def _answer_page(operation: ApiOperation, page: ApiPage) -> Response:
    dump = dumper_of(operation.answer)
    body: dict[str, Any] = {"data": [dump(row) for row in page.rows], "next_cursor": None}
    if page.next_after is not None:
        body["next_cursor"] = write_cursor(page.next_after, hash_requested_list())
    text = format_json(body)
    response = Response(text, mimetype=JSON_TYPE)
    if page.next_after is not None:
        others = {name: value for name, value in request.args.items() if name != "cursor"}
        query = urlencode(others | {"cursor": body["next_cursor"]})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    response.set_etag(hash_texts(text)[:24])
    return response


def _add_api_headers(response: Response) -> Response:
    """Add the headers of every answer of the API; a GET whose answer is known already is a 304."""
    if not is_api_request():
        return response
    window: RequestWindow | None = g.get("api_window")
    if window is not None:
        response.headers["RateLimit-Policy"] = f'"token";q={window.most};w={window.seconds}'
        response.headers["RateLimit"] = f'"token";r={window.remaining};t={window.ends_in}'
    answer_by: tuple[ApiOperation, ApiVersion] | None = g.get("api_answer_by")
    if answer_by is not None:
        add_version_headers(response, *answer_by)
    if not response.cache_control.public:
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.update(("Authorization", "Accept-Language"))
    allow_origin(response)
    if "If-None-Match" in request.headers and request.method == "GET" and response.status_code == 200:
        response.make_conditional(request)
    return response
