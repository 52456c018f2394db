"""One GraphQL request over the portal's client: its answer, or why there is none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from portal.platform.kernel import clock
from portal.platform.outgoing.client import Credentials, OutgoingClient, OutgoingFailed

DETAIL_MAX = 300  # characters
_PASSING = {"timeout", "network", "encoding"}


class AnswerMissing(Exception):
    """No answer this time: another attempt may have one, after `wait` seconds (None: unknown).

    `code`: `timeout`, `network`, `encoding`, `too_many`, `server_error`, `not_json`.
    """

    def __init__(self, code: str, detail: str = "", wait: float | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.wait = code, detail[:DETAIL_MAX], wait


@dataclass(frozen=True)
class GraphqlRequest:
    """An operation of a document, with its variables."""

    query: str
    operation: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class GraphqlError:
    """An entry of `errors`; `code` and `facts` are those of its extensions."""

    message: str
    code: str
    path: Sequence[str | int]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class GraphqlAnswer:
    """`data` may be partial, or None, when there are errors."""

    status: int
    data: Mapping[str, Any] | None
    errors: Sequence[GraphqlError]


def post_graphql(
    client: OutgoingClient,
    url: str,
    credentials: Credentials,
    request: GraphqlRequest,
    seconds: float,
) -> GraphqlAnswer:
    """Send one operation; `seconds` is the longest silence.

    Raises `AnswerMissing`, and `OutgoingFailed` where asking again is vain.
    """
    plain = {
        "query": request.query,
        "operationName": request.operation,
        "variables": dict(request.variables),
    }
    body = json.dumps(plain)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        answer = client.send(
            "POST", url, body=body.encode(), headers=headers, credentials=credentials, seconds=seconds
        )
    except OutgoingFailed as failed:
        if failed.code in _PASSING:
            raise AnswerMissing(failed.code) from None
        raise
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise AnswerMissing("too_many", wait=find_retry_wait(answer.headers))
    try:
        content = json.loads(answer.body)
        errors = [_read_error(each) for each in content.get("errors") or ()]
        data = content.get("data")
    except (ValueError, AttributeError, TypeError):
        code = "server_error" if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "not_json"
        raise AnswerMissing(code, str(answer.status), find_retry_wait(answer.headers)) from None
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        ids = [str(error.facts["exception_id"]) for error in errors if "exception_id" in error.facts]
        raise AnswerMissing(
            "server_error", " ".join(ids) or str(answer.status), find_retry_wait(answer.headers)
        )
    return GraphqlAnswer(answer.status, data if isinstance(data, dict) else None, errors)


def _read_error(entry: Mapping[str, Any]) -> GraphqlError:
    facts = entry.get("extensions") or {}
    message = str(entry.get("message", ""))[:DETAIL_MAX]
    return GraphqlError(message, str(facts.get("code", "")), tuple(entry.get("path") or ()), facts)


def find_retry_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds to wait by `Retry-After` (seconds or a date) or `RateLimit-Reset` (an epoch)."""
    text = headers.get("retry-after", "").strip()
    now = clock.now()
    try:
        if text:
            until = now.timestamp() + int(text) if text.isdigit() else _parse_http_date(text).timestamp()
        else:
            until = float(headers["ratelimit-reset"])
    except (KeyError, ValueError, OverflowError):
        return None
    return max(0.0, until - now.timestamp())


def _parse_http_date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
