"""One migration at a time, and none that makes everybody wait.

A statement that waits for a table's lock stops all who come after it: on PostgreSQL it gives up after
`LOCK_TIMEOUT`, lets them pass and is tried again.
"""

import fcntl
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

log = structlog.get_logger("portal")

LOCK_TIMEOUT = 2  # seconds
ATTEMPTS = 30
PAUSE = 2.0  # seconds between attempts, on average
TURN = 0x706F727461696C  # PostgreSQL's advisory lock of whoever migrates


@contextmanager
def only_migration(engine: Engine) -> Iterator[Connection]:
    """A connection, once no other process migrates this database.

    PostgreSQL: an advisory lock, for five minutes at most (the time-out of commands' statements).
    SQLite: a lock on the folder of its file, which leaves nothing behind; it comes before the first
    connection, which sets the journal of a new file and waits for nobody.
    """
    with ExitStack() as turn:
        file = engine.url.database
        if engine.dialect.name == "sqlite" and file and file != ":memory:":
            folder = os.open(Path(file).absolute().parent, os.O_RDONLY)
            turn.callback(os.close, folder)
            fcntl.flock(folder, fcntl.LOCK_EX)
        connection = turn.enter_context(engine.connect())
        if engine.dialect.name == "postgresql":
            connection.detach()  # closed at its end, and its lock and settings with it
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_lock({TURN})"))
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}s'"))
            connection.commit()
        yield connection


def retry_locked(connection: Connection, migrate: Callable[[], None]) -> None:
    """Migrate; begin again where it stopped when a table is in use.

    Each migration is a transaction of its own, so those that succeeded are not repeated. Raises the
    last error after `ATTEMPTS`.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            migrate()
        except OperationalError as error:
            connection.rollback()
            if not isinstance(error.orig, LockNotAvailable) or attempt == ATTEMPTS:
                raise
            log.warning("migration waits for a lock", attempt=attempt)
            time.sleep(random.uniform(PAUSE / 2, PAUSE * 3 / 2))  # noqa: S311  a pause, no secret
        else:
            return
