"""One structured line per request, with an id that error pages show too; no personal data.

The line holds the route, never the path's values, the query or the body.
"""

import json
import logging
import time
from typing import Any, cast

import structlog
from flask import Flask, Response, g, request

from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.settings import Settings

log = structlog.get_logger("portal")


_encoder = json.JSONEncoder(ensure_ascii=False, default=repr)


def _encode_event(event_dict: Any, **_usual: Any) -> str:
    """The encoder is made once, not for each line."""
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
    def tell(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        log.info(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=None if (took := elapsed_seconds()) is None else round(took * 1000, 1),
        )
        return response


def elapsed_seconds() -> float | None:
    """Seconds since the request under way arrived; None when it was refused before it was noted."""
    return time.perf_counter() - g.began if "began" in g else None


def request_id() -> str:
    """The id of the request under way; empty outside of one."""
    return cast(str, structlog.contextvars.get_contextvars().get("request_id", ""))
