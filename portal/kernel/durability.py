"""Whether PostgreSQL keeps what it acknowledges. A portal that is served refuses one that does not.

SQLite needs no question: `engines` sets what it needs on each connection.
"""

from typing import Any

import psycopg
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

log = structlog.get_logger("portal")

_SAFE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
_WHY = {
    "fsync": "fsync is off: a crash of the machine may destroy the database. Turn it on.",
    "full_page_writes": "full_page_writes is off: a crash may tear pages that were written."
    " Turn it on.",
    "synchronous_commit": "synchronous_commit cannot be forced to on: a crash may lose what was"
    " acknowledged. Let the portal set it; a pooler must pass on its options.",
}


class NotDurable(psycopg.OperationalError):
    """The server would lose what it acknowledged; `sentences` says why, one per fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def demand(engine: Engine) -> list[str]:
    """Refuse connections to a server that is not durable, from now on; its faults as of now.

    A server that cannot be reached has no faults yet: it is asked when it answers.
    """
    if engine.dialect.name == "sqlite":
        return []

    @event.listens_for(engine, "connect")
    def _ask(connection: psycopg.Connection[Any], _: Any) -> None:
        sentences = _faults(connection)
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


def _faults(connection: psycopg.Connection[Any]) -> list[str]:
    asked = ", ".join(f"current_setting('{name}')" for name in _SAFE)
    found = connection.execute(f"SELECT {asked}").fetchone() or ()
    connection.rollback()
    values = zip(_SAFE, found, strict=True)
    return [_WHY[name] for name, value in values if value not in _SAFE[name]]
