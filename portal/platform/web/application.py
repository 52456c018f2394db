"""Flask with one transaction around each view, and without what it would find out each time."""

from collections.abc import Callable
from functools import cache, lru_cache, partial
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from portal.platform.kernel import database
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotAllowed
from portal.platform.web import actor, rate_limits


class CachedSessionInterface(SecureCookieSessionInterface):
    """The signer of cookies is made once for the keys, not twice a request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if not app.secret_key:
            return None
        return self._signer(app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])

    @lru_cache(maxsize=8)  # noqa: B019  as few interfaces as applications
    def _signer(self, *keys: str | bytes) -> URLSafeTimedSerializer:
        newest, *older = keys
        return URLSafeTimedSerializer(
            [*older, newest],  # type: ignore[arg-type]  # its stubs know keys of one kind only
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={
                "key_derivation": self.key_derivation,
                "digest_method": self.digest_method,
            },
        )


class LazyBuildRule(Rule):
    """How an address is put together is compiled when one is first wanted, not for each start.

    Where werkzeug comes to do it elsewhere, this has no effect.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, /, **values: compiled()(rule, **values)


class Portal(Flask):
    """One transaction around each view; nobody is asked each time whether they are asynchronous."""

    session_interface = CachedSessionInterface()
    url_rule_class = LazyBuildRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func  # no view and no hook of ours is

    def dispatch_request(self) -> Response:
        """End the transaction where its refusal can still be answered with a page."""
        if request.method in SAFE_METHODS:
            rate_limits.require_within_limits()
        response = self.make_response(super().dispatch_request())
        if response.status_code < HTTPStatus.BAD_REQUEST:
            if actor.has_csrf_failure():
                raise NotAllowed  # a view that asked no form: nothing it did is kept
            rate_limits.require_within_limits()
            rate_limits.release_attempts()
        database.end_transaction(response)
        return response
