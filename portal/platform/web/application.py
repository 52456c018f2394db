"""The Flask class: one transaction around each view."""

from http import HTTPStatus

from flask import Flask, Response, request

from portal.platform.kernel import database
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotAllowed
from portal.platform.web import actor, rate_limits


class Portal(Flask):
    """Flask with one transaction around each view."""

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
            rate_limits.release_attempts()
        database.end_transaction(response)
        return response
