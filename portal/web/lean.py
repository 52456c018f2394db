"""Flask, without what it does anew at each request and always finds the same."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
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


class LeanFlask(Flask):
    """No view and no hook of ours is asynchronous: nobody asks each of them, each time."""

    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
