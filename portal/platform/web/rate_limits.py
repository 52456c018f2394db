"""Rate limits of endpoints. Attempts are counted before the request does anything else.

`portal.app.application` says which endpoints are limited, how often and by what key. An attempt
above the limit is noted on the request: `base_form.submit` renders the form again with what was
typed, any other view is refused by `Portal.dispatch_request`.
"""

import ipaddress
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import cast

from flask import Flask, Response, current_app, g, request, session
from limits import RateLimitItem, RateLimitItemPerHour, parse
from limits.strategies import FixedWindowRateLimiter

from portal.platform.kernel import clock
from portal.platform.kernel.attempt_counts import AttemptCounter
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import RateLimited
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import clean_text, ngettext
from portal.platform.web.request_blocks import RequestCountBlocks, RequestWindow

TOO_OFTEN = 429
IPV6_PREFIX = 64  # bits: the network of one subscriber
MINUTE = 60  # seconds
ACCOUNT_KEY = "account"  # of the browser's signed session: the id of the person

LimitKey = Callable[[], str | None]


class CountEffectOfSuccess(Enum):
    """What happens to the count when the form is accepted."""

    COUNTS = auto()
    IS_GIVEN_BACK = auto()  # only failures count
    CLEARS = auto()  # earlier failures are forgotten too


@dataclass(frozen=True)
class RateLimit:
    """A maximum of attempts per key. A key of None is not counted."""

    rate: RateLimitItem
    key: LimitKey
    on_success: CountEffectOfSuccess

    @property
    def kind(self) -> str:
        return self.key.__name__


def at_most(
    rate: str, key: LimitKey, on_success: CountEffectOfSuccess = CountEffectOfSuccess.COUNTS
) -> RateLimit:
    """A limit from a text: `at_most("10 per 15 minutes", network)`."""
    return RateLimit(parse(rate), key, on_success)


def network() -> str | None:
    """The client's IPv4 address, or its IPv6 network of 64 bits."""
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
    """The submitted e-mail address, whether an account has it or not."""
    return clean_text(request.form.get("email", "")).lower() or None


def own_session() -> str | None:
    """The session token of the signed-in person; None for others."""
    return cast("str | None", session.get("_user_id"))


def own_account() -> str | None:
    """The account of the signed-in person, in all of their browsers; None for strangers."""
    return cast("str | None", session.get(ACCOUNT_KEY)) or own_session()


def init_app(
    app: Flask, limits: Mapping[str, Iterable[RateLimit]], secret_key: str, unlimited: Collection[str] = ()
) -> None:
    """Count attempts at these endpoints, and all writes of an account except at `unlimited` ones.

    Register before anything that opens a transaction.
    """
    counter = AttemptCounter(secret_key)
    limiter = FixedWindowRateLimiter(counter)
    provide_service(app, RequestCountBlocks(counter))
    app.extensions["limiter"] = limiter
    app.extensions["longest_window"] = compute_longest_window(limits)

    @app.before_request
    def count() -> None:
        g.attempts, g.refusal, g.is_last_try = [], None, False
        if request.endpoint not in unlimited:
            g.refusal = _count_write()
        if g.refusal is not None:
            return
        for limit in limits.get(request.endpoint or "", ()):
            key = limit.key()
            if key is None:
                continue
            identity = (request.endpoint or "", limit.kind, key)
            counter = cast(AttemptCounter, limiter.storage)
            attempts, ends_at = counter.count(limit.rate.key_for(*identity), limit.rate.get_expiry())
            if attempts > limit.rate.amount:
                wait = max(1, math.ceil((ends_at - clock.now()).total_seconds()))
                g.refusal = RateLimited(wait, limit.rate.amount, limit.rate.get_expiry())
                return
            g.attempts.append((limit, identity))
            g.is_last_try = g.is_last_try or attempts == limit.rate.amount


def compute_longest_window(limits: Mapping[str, Iterable[RateLimit]]) -> timedelta:
    """How long attempts are counted at most, at any of these endpoints or by the hourly limit of writes."""
    of_writes = RateLimitItemPerHour(1).get_expiry()
    expiries = (limit.rate.get_expiry() for each in limits.values() for limit in each)
    return timedelta(seconds=max((of_writes, *expiries)))


def _count_write() -> RateLimited | None:
    """Count a write of a signed-in account; the refusal when it wrote too often."""
    most, account = get_service(Settings).writes_per_hour, own_account()
    if not most or account is None or request.method in SAFE_METHODS:
        return None
    try:
        count_request("writes", account, RateLimitItemPerHour(most))
    except RateLimited as refused:
        return refused
    return None


def is_last_try() -> bool:
    """Whether the next request like this one will exceed a limit."""
    return bool(g.get("is_last_try"))


def count_request(name: str, key: str, rate: RateLimitItem) -> RequestWindow:
    """Count a request of a machine. Raises `RateLimited` beyond the rate."""
    return get_service(RequestCountBlocks).count(rate.key_for(name, key), rate)


def find_seconds_to_wait() -> int | None:
    """Seconds to wait when this request exceeds a limit; else None."""
    refusal: RateLimited | None = g.get("refusal")
    return refusal.wait if refusal else None


def require_within_limits() -> None:
    """Raise `RateLimited` when this request exceeds a limit."""
    refusal: RateLimited | None = g.get("refusal")
    if refusal is not None:
        raise refusal


def clear_attempts_after_success() -> None:
    """After a success, clear or decrement the counts in the request's transaction."""
    if request.method in SAFE_METHODS:
        return
    limiter: FixedWindowRateLimiter = current_app.extensions["limiter"]
    for limit, identity in g.attempts:
        key = limit.rate.key_for(*identity)
        if limit.on_success is CountEffectOfSuccess.CLEARS:
            limiter.storage.clear(key)
        elif limit.on_success is CountEffectOfSuccess.IS_GIVEN_BACK:
            cast(AttemptCounter, limiter.storage).decrement(key)


def rate_limit_sentence(wait: int) -> str:
    """The sentence for the person; `wait` in seconds."""
    return ngettext(
        "Trop d’essais. Réessayez dans une minute.",
        "Trop d’essais. Réessayez dans %(num)s minutes.",
        math.ceil(wait / MINUTE),
    )


def add_retry_after(response: Response, wait: int) -> Response:
    """Set the `Retry-After` header to `wait` seconds."""
    response.headers["Retry-After"] = str(wait)
    return response
