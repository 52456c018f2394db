"""The Flask class: one transaction around each view, and IPv6 addresses as trusted hosts."""

import re
from http import HTTPStatus

from flask import Flask, Request, Response, request
from werkzeug.routing import MapAdapter

from portal.platform.kernel import database
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotAllowed
from portal.platform.web import actor, rate_limits
from portal.platform.web.placed_forms import FormPlacingRequest
from portal.platform.web.urls import LazyUrlRule

PROBES = "/health/"
_IPV6_HOST = re.compile(r"(\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")  # with an optional port


class Portal(Flask):
    """Flask with one transaction around each view."""

    request_class = FormPlacingRequest
    url_rule_class = LazyUrlRule

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Flask's method, which checks the host, but also for hosts that are IPv6 addresses.

        werkzeug 3.1 compares only what precedes the first colon of a trusted host, so that it
        trusts no `[::1]`. Probes ask by the address of the machine: their host is not checked.
        """
        if request and request.environ["PATH_INFO"].startswith(PROBES):
            return self.url_map.bind_to_environ(request.environ, server_name=None)
        host = _IPV6_HOST.fullmatch(request.headers.get("Host", "")) if request else None
        if request and host and host[1] in self.config["TRUSTED_HOSTS"]:
            return self.url_map.bind_to_environ(request.environ)
        return super().create_url_adapter(request)

    def dispatch_request(self) -> Response:
        """Check the rate limits, call the view, and commit or roll back its transaction.

        Ends the transaction here, and not in a teardown function, so that a failed commit can still
        be answered with an error page. Raises `RateLimited`, `NotAllowed` and `Conflict`.
        """
        if request.method in SAFE_METHODS:
            rate_limits.require_within_limits()
        response = self.make_response(super().dispatch_request())
        if response.status_code < HTTPStatus.BAD_REQUEST:
            if actor.has_csrf_failure():
                raise NotAllowed  # the view did not validate a form: roll back
            rate_limits.require_within_limits()
            rate_limits.clear_attempts_after_success()
        database.end_transaction(response)
        return response
