"""Marks that a reader leaves: when a session, a token or a page was last used, what was read.

A mark is written in a transaction of its own, since a request that reads writes nothing else.
"""

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.platform.kernel.database import separate_transaction

log = structlog.get_logger("portal")


def write_mark_or_skip(statement: sa.UpdateBase) -> None:
    """Write a mark. While others write for too long it is skipped, with a warning: the next one comes."""
    try:
        with separate_transaction(is_mark=True) as session:
            session.execute(statement)
    except (OperationalError, PoolTimeout) as busy:
        log.warning("mark not left", table=statement.entity_description["name"], kind=type(busy).__name__)
