"""How often one may try. Attempts are counted before anything else of a request happens.

The roof says which endpoints are limited, how often and by what key. An attempt too many is marked
on the request: a form gives it back with what was typed (`web.forms.submit`), any other view is
refused by `Portal.dispatch_request`.
"""

import ipaddress
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import cast

from flask import Flask, Response, current_app, g, request, session
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from portal.platform.kernel import clock
from portal.platform.kernel.attempt_counts import AttemptCounter
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import RateLimited
from portal.platform.kernel.text import clean, ngettext

TOO_OFTEN = 429
IPV6_PREFIX = 64  # bits: what one subscriber is given
MINUTE = 60

LimitKey = Callable[[], str | None]


class CountOnSuccess(Enum):
    """What becomes of the count when a form that was counted is accepted."""

    COUNTS = auto()
    IS_GIVEN_BACK = auto()  # only failures count
    CLEARS = auto()  # the failures before it are forgotten too


@dataclass(frozen=True)
class RateLimit:
    """At most so many attempts by one key. For a key of None, an attempt is not counted."""

    rate: RateLimitItem
    key: LimitKey
    on_success: CountOnSuccess

    @property
    def kind(self) -> str:
        return self.key.__name__


def at_most(
    rate: str, key: LimitKey, on_success: CountOnSuccess = CountOnSuccess.COUNTS
) -> RateLimit:
    """A limit from words: `at_most("10 per 15 minutes", network)`."""
    return RateLimit(parse(rate), key, on_success)


def network() -> str | None:
    """Where the request comes from: the address, or of an IPv6 one its subscriber's part."""
    remote_address = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(remote_address)
    except ValueError:
        return remote_address or None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, IPV6_PREFIX), strict=False))


def typed_email() -> str | None:
    """The account that is tried, whether it exists or not."""
    return clean(request.form.get("email", "")).lower() or None


def own_session() -> str | None:
    """The browser of someone who is signed in."""
    return cast("str | None", session.get("_user_id"))


def init_app(app: Flask, limits: Mapping[str, Iterable[RateLimit]], secret_key: str) -> None:
    """Count the endpoints named. Before whatever asks the database: see `kernel.limits.Counts`."""
    limiter = FixedWindowRateLimiter(AttemptCounter(secret_key))
    app.extensions["limiter"] = limiter

    @app.before_request
    def count() -> None:
        g.attempts, g.wait = [], None
        for limit in limits.get(request.endpoint or "", ()):
            key = limit.key()
            if key is None:
                continue
            attempt = limit, (request.endpoint or "", limit.kind, key)
            if not limiter.hit(limit.rate, *attempt[1]):
                ends_at = limiter.get_window_stats(limit.rate, *attempt[1]).reset_time
                g.wait = max(1, math.ceil(ends_at - clock.now().timestamp()))
                return
            g.attempts.append(attempt)


def find_wait() -> int | None:
    """How long to wait, in seconds, when this request is one too many."""
    return cast("int | None", g.get("wait"))


def require_within_limits() -> None:
    """Raise `TooOften` when this request is one too many."""
    wait = find_wait()
    if wait is not None:
        raise RateLimited(wait)


def release_attempts() -> None:
    """The attempt went well: in its transaction, give back what its limits say."""
    if request.method in SAFE_METHODS:
        return
    limiter: FixedWindowRateLimiter = current_app.extensions["limiter"]
    for limit, identity in g.attempts:
        key = limit.rate.key_for(*identity)
        if limit.on_success is CountOnSuccess.CLEARS:
            limiter.storage.clear(key)
        elif limit.on_success is CountOnSuccess.IS_GIVEN_BACK:
            cast(AttemptCounter, limiter.storage).decrement(key)


def sentence(wait: int) -> str:
    """What the person reads; `wait` in seconds."""
    return ngettext(
        "Trop d’essais. Réessayez dans une minute.",
        "Trop d’essais. Réessayez dans %(num)s minutes.",
        math.ceil(wait / MINUTE),
    )


def add_retry_after(response: Response, wait: int) -> Response:
    """The same for programs."""
    response.headers["Retry-After"] = str(wait)
    return response
