"""Whether PostgreSQL keeps what it acknowledges. A portal that is served refuses one that does not.

SQLite needs no question: `engines` sets what it needs on each connection.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

log = structlog.get_logger("portal")

_SAFE_VALUES = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
_FAULT_BY_SETTING = {
    "fsync": "fsync is off: a crash of the machine may destroy the database. Turn it on.",
    "full_page_writes": "full_page_writes is off: a crash may tear pages that were written."
    " Turn it on.",
    "synchronous_commit": "synchronous_commit cannot be forced to on: a crash may lose what was"
    " acknowledged. Let the portal set it; a pooler must pass on its options.",
}


_SETTINGS_QUERY = "SELECT " + ", ".join(f"current_setting('{name}')" for name in _SAFE_VALUES)
_DURABILITY_KEY = "held to durability"  # in a connection's notes


class NotDurable(psycopg.OperationalError):
    """The server would lose what it acknowledged; `sentences` says why, one per fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def require_durability(engine: Engine) -> list[str]:
    """Refuse connections to a server that is not durable, from now on; its faults as of now.

    A server that cannot be reached has no faults yet: it is asked when it answers.
    """
    if engine.dialect.name == "sqlite":
        return []

    @event.listens_for(engine, "connect")
    def _ask(connection: psycopg.Connection[Any], record: Any) -> None:
        record.info[_DURABILITY_KEY] = True
        sentences = _read_faults(connection)
        if sentences:
            log.error("database not durable", sentences=sentences)
            raise NotDurable(sentences)

    try:
        engine.connect().close()
    except OperationalError as refused:
        if isinstance(refused.orig, NotDurable):
            return refused.orig.sentences
        log.warning("database not reached", kind=type(refused.orig).__name__)
    finally:
        engine.dispose()  # nothing of the master's is left to its workers
    return []


def find_faults(connection: Connection) -> list[str]:
    """What was changed since, on a server that was durable when this connection was made."""
    if not connection.info.get(_DURABILITY_KEY):
        return []
    return _fault_sentences(connection.exec_driver_sql(_SETTINGS_QUERY).one())


def _read_faults(connection: psycopg.Connection[Any]) -> list[str]:
    current_values = connection.execute(_SETTINGS_QUERY).fetchone() or ()
    connection.rollback()
    return _fault_sentences(current_values)


def _fault_sentences(current_values: Sequence[Any]) -> list[str]:
    values = zip(_SAFE_VALUES, current_values, strict=True)
    return [_FAULT_BY_SETTING[name] for name, value in values if value not in _SAFE_VALUES[name]]
