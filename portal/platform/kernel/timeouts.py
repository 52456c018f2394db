"""Client-side timeouts of PostgreSQL connections.

A server that is down, frozen or behind a network that drops packets must cost a request seconds,
not minutes. The server's timeouts do not help when the server is silent, nor do TCP's when a proxy
still acknowledges, so the client measures the time itself.

Worst case of a request: an unanswered ping and a failed connection (3 s), an unanswered statement
(3.5 s), or many slow answers that together take `REQUEST_BUDGET`.
"""

from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import psycopg
from flask import g, has_request_context
from psycopg.abc import PQGen
from sqlalchemy import event
from sqlalchemy.engine import Engine

Answer = TypeVar("Answer")

# Seconds.
CONNECT_TIMEOUT = 2  # psycopg's minimum; per address of the server
PING_TIMEOUT = 1.0  # of a connection taken from the pool
REQUEST_TIMEOUT = 3.5  # a statement of a request
REQUEST_BUDGET = 8.0  # all statements of a request together
COMMAND_TIMEOUT = 310.0  # a statement of a command (such as a migration) or of the worker
AFTER_FAILURE_TIMEOUT = 0.2  # a statement of a request that already timed out once
RECONNECT_PAUSE = 0.5  # after a failure, before the next attempt to connect

# Milliseconds. The server times out before the client does, so that its error is reported.
_REQUEST_SETTINGS = {"statement_timeout": 3200, "lock_timeout": 3000}
_COMMAND_SETTINGS = {"statement_timeout": 300_000, "lock_timeout": 30_000}


def _connect_parameters(address_options: str = "") -> dict[str, Any]:
    """Connection parameters, with the options of DATABASE_URL first.

    Sets `synchronous_commit`, whatever the server's default is.
    """
    common = {
        "synchronous_commit": "on",
        "idle_in_transaction_session_timeout": 30_000 if has_request_context() else 900_000,
        "timezone": "UTC",
    }
    server_settings = common | (_REQUEST_SETTINGS if has_request_context() else _COMMAND_SETTINGS)
    return {
        "connect_timeout": CONNECT_TIMEOUT,
        "tcp_user_timeout": 5000,
        "options": " ".join(
            [address_options, *(f"-c {name}={value}" for name, value in server_settings.items())]
        ),
    }


class TimedConnection(psycopg.Connection[Any]):
    """A psycopg connection that closes itself when the server does not answer in time."""

    gate: "ConnectionCircuitBreaker"
    is_pooled = False  # in the pool: the next statement is a ping

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Called by psycopg for everything it sends and receives; see `psycopg.Connection.wait`."""
        answer_timeout = self._answer_timeout()
        began = monotonic()
        until = began + answer_timeout
        try:
            return super().wait(gen, interval, answer_timeout if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and monotonic() >= until:
                self.close()  # makes the pool discard its other connections
                self.gate.note_failure()
            raise
        finally:
            _add_waiting_seconds(monotonic() - began)

    def _answer_timeout(self) -> float:
        if _has_database_timed_out():
            return AFTER_FAILURE_TIMEOUT
        if self.is_pooled:
            return PING_TIMEOUT
        if not has_request_context():
            return COMMAND_TIMEOUT
        left = REQUEST_BUDGET - float(g.get("database_seconds", 0.0))
        return max(AFTER_FAILURE_TIMEOUT, min(REQUEST_TIMEOUT, left))


class ConnectionCircuitBreaker:
    """Circuit breaker: after a failure one thread at a time tries to connect, others fail at once.

    So an unreachable server blocks the threads of a process once, then one of them at a time, and
    its return is noticed within `RECONNECT_PAUSE` + `CONNECT_TIMEOUT`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._failing = False
        self._next_attempt_at = 0.0  # by `monotonic`

    def open(self, *args: Any, **named: Any) -> TimedConnection:
        self._refuse_while_failing()
        try:
            connection = TimedConnection.connect(
                *args, **named | _connect_parameters(named.get("options", ""))
            )
        except psycopg.OperationalError:
            self.note_failure()
            raise
        connection.gate = self
        self._failing = False
        return connection

    def note_failure(self) -> None:
        """Open the breaker; later statements of this request, such as ROLLBACK, time out soon."""
        self._failing, self._next_attempt_at = True, monotonic() + RECONNECT_PAUSE
        if has_request_context():
            g.database_timed_out = True

    def _refuse_while_failing(self) -> None:
        with self._lock:
            now = monotonic()
            if _has_database_timed_out() or (self._failing and now < self._next_attempt_at):
                raise psycopg.OperationalError("the database did not answer a moment ago")
            # Only used while failing.
            self._next_attempt_at = now + CONNECT_TIMEOUT + RECONNECT_PAUSE


def install_timeouts(engine: Engine) -> None:
    """Make an engine open `TimedConnection`s through a `ConnectionCircuitBreaker`."""
    gate = ConnectionCircuitBreaker()

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> TimedConnection:
        return gate.open(*args, **named)

    @event.listens_for(engine, "checkin")
    def _mark_pooled(connection: TimedConnection | None, _: Any) -> None:
        if connection is not None:
            connection.is_pooled = True

    @event.listens_for(engine, "checkout")
    def _mark_in_use(connection: TimedConnection, *_: Any) -> None:
        connection.is_pooled = False


def _add_waiting_seconds(seconds: float) -> None:
    """Add to what a request has waited for the database; reading its body does not count."""
    if has_request_context():
        g.database_seconds = g.get("database_seconds", 0.0) + seconds


def _has_database_timed_out() -> bool:
    return has_request_context() and bool(g.get("database_timed_out"))
