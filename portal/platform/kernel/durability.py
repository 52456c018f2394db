"""Durability check of PostgreSQL: the web server refuses one that may lose acknowledged commits.

SQLite needs no check: `engines` sets the pragmas on each connection.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

log = structlog.get_logger("portal")

_SAFE_VALUES = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_apply"}}
_FAULT_BY_SETTING = {
    "fsync": "fsync is off: a crash of the machine may destroy the database. Turn it on.",
    "full_page_writes": "full_page_writes is off: a crash may tear pages that were written. Turn it on.",
    "synchronous_commit": "synchronous_commit cannot be forced to on: a crash may lose what was"
    " acknowledged. Let the portal set it; a pooler must pass on its options.",
}


_SETTINGS_QUERY = "SELECT " + ", ".join(f"current_setting('{name}')" for name in _SAFE_VALUES)
_DURABILITY_KEY = "checked for durability"  # in `Connection.info`


class NotDurable(psycopg.OperationalError):
    """The server may lose acknowledged commits; `sentences` has one sentence per fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def refuse_undurable_connections(engine: Engine) -> list[str]:
    """Refuse connections to a server that is not durable; returns its present faults.

    An unreachable server has no faults yet: it is checked with the first connection.
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
        engine.dispose()  # workers must not inherit the master's connections
    return []


def list_durability_faults(connection: Connection) -> list[str]:
    """Faults of a server that was durable when this connection was opened."""
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
