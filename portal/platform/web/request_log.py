"""Request log: one JSON line per request, with the id that error pages show.

A line holds the endpoint, never the URL's parameters, the query or the body. A refusal holds the id
of the account too; what was allowed stands in the audit trail, and what was read names nobody.
"""

import json
import logging
import time
from typing import Any, cast

import structlog
from flask import Flask, Response, g, request

from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.settings import Settings
from portal.platform.web.actor import find_actor

FIRST_REFUSAL = 400

log = structlog.get_logger("portal")


_encoder = json.JSONEncoder(ensure_ascii=False, default=repr)


def _encode_event(event_dict: Any, **_options: Any) -> str:
    """Serialise a log line for `JSONRenderer`."""
    return _encoder.encode(event_dict)


def init_app(app: Flask, settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(_encode_event),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        cache_logger_on_first_use=False,
    )

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=new_id().hex)

    @app.after_request
    def log_request(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        actor = find_actor() if response.status_code >= FIRST_REFUSAL else None
        log.info(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=None if (seconds := elapsed_seconds()) is None else round(seconds * 1000, 1),
            **({"person": str(actor.person_id)} if actor else {}),
        )
        return response


def elapsed_seconds() -> float | None:
    """Seconds since the request began; None when it was refused before `begin` ran."""
    return time.perf_counter() - g.began if "began" in g else None


def request_id() -> str:
    """The id of the current request; "" outside of one."""
    return cast(str, structlog.contextvars.get_contextvars().get("request_id", ""))
