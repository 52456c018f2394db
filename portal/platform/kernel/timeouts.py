"""How long PostgreSQL is waited for, whatever becomes of the line to it.

A server that is down, frozen, or behind a network that swallows everything must cost a request
a few seconds, not minutes. The server's own time-outs do not help when the server is what is
silent, nor do TCP's when something on the way still acknowledges: the client keeps the time.

Worst case of a request: a ping that is not answered, then a connection that is not made (3 s), or a
statement that is not answered (3.5 s).
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

# Seconds without an answer.
CONNECT_TIMEOUT = 2  # psycopg's least; for each address of the server
PING_TIMEOUT = 1.0  # a connection that comes out of the pool
REQUEST_TIMEOUT = 3.5  # a statement of somebody who waits for a page
COMMAND_TIMEOUT = 310.0  # a statement of a command, such as a migration, or of the worker
AFTER_FAILURE_TIMEOUT = 0.2  # a request that has already waited in vain
RECONNECT_PAUSE = 0.5  # after a failure, before somebody tries to connect again

# The server gives up before the client does, so that it can say why. In milliseconds.
_REQUEST_SETTINGS = {"statement_timeout": 3200, "lock_timeout": 3000}
_COMMAND_SETTINGS = {"statement_timeout": 300_000, "lock_timeout": 30_000}


def _connect_parameters(address_options: str = "") -> dict[str, Any]:
    """What every connection is opened with, after the options `given` in the database's address.

    `synchronous_commit` is asked for whatever the server's default is.
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
    """A connection that closes itself when the server stays silent for too long."""

    gate: "ConnectionGate"
    is_pooled = False  # in the pool: what comes next is a ping

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Everything that psycopg sends and awaits passes here; see `psycopg.Connection.wait`."""
        patience = self._answer_timeout()
        until = monotonic() + patience
        try:
            return super().wait(gen, interval, patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and monotonic() >= until:
                self.close()  # the pool then knows that its other connections are no better
                self.gate.note_failure()
            raise

    def _answer_timeout(self) -> float:
        if _has_timed_out():
            return AFTER_FAILURE_TIMEOUT
        if self.is_pooled:
            return PING_TIMEOUT
        return REQUEST_TIMEOUT if has_request_context() else COMMAND_TIMEOUT


class ConnectionGate:
    """Opens connections. After a failure, one attempt at a time: the others fail at once.

    So a server that is away catches the threads of a process once, then one of them now and then;
    who queued behind them is answered soon; and its return is noticed within `PAUSE` + `CONNECT`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._failing = False
        self._next_attempt_at = 0.0  # when somebody may try again

    def open(self, *args: Any, **named: Any) -> TimedConnection:
        self._refuse_while_failing()
        try:
            line = TimedConnection.connect(
                *args, **named | _connect_parameters(named.get("options", ""))
            )
        except psycopg.OperationalError:
            self.note_failure()
            raise
        line.gate = self
        self._failing = False
        return line

    def note_failure(self) -> None:
        """A request waits in vain once: what it still asks, such as a roll-back, is cut short."""
        self._failing, self._next_attempt_at = True, monotonic() + RECONNECT_PAUSE
        if has_request_context():
            g.waited_in_vain = True

    def _refuse_while_failing(self) -> None:
        with self._lock:
            now = monotonic()
            if _has_timed_out() or (self._failing and now < self._next_attempt_at):
                raise psycopg.OperationalError("the database did not answer a moment ago")
            self._next_attempt_at = (
                now + CONNECT_TIMEOUT + RECONNECT_PAUSE
            )  # only looked at while failing


def install_timeouts(engine: Engine) -> None:
    """Have an engine's connections keep time."""
    gate = ConnectionGate()

    @event.listens_for(engine, "do_connect")
    def _open(
        _dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]
    ) -> TimedConnection:
        return gate.open(*args, **named)

    @event.listens_for(engine, "checkin")
    def _rest(line: TimedConnection | None, _: Any) -> None:
        if line is not None:
            line.is_pooled = True

    @event.listens_for(engine, "checkout")
    def _wake(line: TimedConnection, *_: Any) -> None:
        line.is_pooled = False


def _has_timed_out() -> bool:
    return has_request_context() and bool(g.get("waited_in_vain"))
