"""Pages of other sites that may call the API from a browser (CORS): none, unless a setting names them.

No cookie counts on the API, so what a page may do is what its token may do.
"""

from flask import Response, request

from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.web.api_problems import is_api_request

PREFLIGHT_SECONDS = 600
_METHODS = "GET, POST, PUT, DELETE"
_SENT_HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Accept-Language"
_READ_HEADERS = (
    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, Dry-Run,"
    " API-Version, Deprecation, Sunset"
)


def is_from_allowed_origin() -> bool:
    """Whether a page of an origin that the settings name calls the API."""
    return is_api_request() and request.headers.get("Origin", "") in get_service(Settings).api_origins


def allow_origin(response: Response) -> None:
    """Tell the browser of such a page that it may read the answer, or send what it asks to send."""
    if get_service(Settings).api_origins:  # answers to others hold no header for them, and are kept apart
        response.vary.add("Origin")
    if not is_from_allowed_origin():
        return
    response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    response.headers["Access-Control-Expose-Headers"] = _READ_HEADERS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _SENT_HEADERS
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
