"""Delete the content of a programme that left, a batch a transaction: killed at any step and started
again, it ends the same, since whatever is left is read anew."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.app.archives import departure_commands as commands
from portal.app.archives.content_keys import (
    BATCH,
    RowKey,
    build_keys_condition,
    cut_into_batches,
    read_leaving_row_keys,
)
from portal.app.archives.departure_models import EmptyingTransactionPermit
from portal.app.archives.rows import list_scope_ids
from portal.collaboration.files.models import Attachment
from portal.collaboration.search.commands import remove_scope_entries
from portal.people.privacy.mention_queries import list_append_only_tables
from portal.platform.kernel.audit import AuditEvent, TrailText
from portal.platform.kernel.database import Base, connection, db, read_only_transaction, transaction
from portal.platform.kernel.wal_truncation import truncate_wal_after_commit
from portal.platform.storage.transaction import delete_on_commit

log = structlog.get_logger("portal")

ROUNDS_MAX = 5  # for rows that something wrote meanwhile


def empty_programme(programme_id: UUID) -> int:
    """Delete all that leaves with a programme; returns how many rows of its own went."""
    count = 0
    for _round in range(ROUNDS_MAX):
        _remove_from_search(programme_id)
        _remove_trail_texts(programme_id)
        with read_only_transaction():
            keys = read_leaving_row_keys(programme_id)
            append_only = list_append_only_tables(db.session())
        if not keys:
            with transaction():
                commands.finish_departure(programme_id)
                truncate_wal_after_commit()
            return count
        for table in reversed(Base.metadata.sorted_tables):
            for part in cut_into_batches(keys.get(table.name, ())):
                with transaction():
                    _delete_rows(table, part, programme_id, needs_permit=table.name in append_only)
                count += len(part)
        log.info("programme emptied", programme_id=str(programme_id), rows=count)
    return count


def _delete_rows(table: sa.Table, part: Sequence[RowKey], programme_id: UUID, *, needs_permit: bool) -> None:
    """Delete rows; those of an append-only table by a permit that ends before the commit."""
    if table.name == Attachment.__tablename__:
        _delete_attachment_bytes(part)
    if needs_permit:
        connection().execute(sa.insert(EmptyingTransactionPermit).values(programme_id=programme_id))
    connection().execute(sa.delete(table).where(build_keys_condition(table, part)))
    if needs_permit:
        connection().execute(sa.delete(EmptyingTransactionPermit))


def _delete_attachment_bytes(part: Sequence[RowKey]) -> None:
    ids = [key[0] for key in part]
    present = sa.select(Attachment.key).where(Attachment.id.in_(ids), Attachment.removed_at.is_(None))
    for key in db.session.scalars(present):
        delete_on_commit(key)


def _remove_from_search(programme_id: UUID) -> None:
    removed = BATCH
    while removed == BATCH:
        with transaction():
            removed = remove_scope_entries(list_scope_ids(programme_id), BATCH)


def _remove_trail_texts(programme_id: UUID) -> None:
    """Delete what people typed and the trail refers to; its lines stay, with their seals."""
    deleted = BATCH
    while deleted == BATCH:
        with transaction():
            scopes = list_scope_ids(programme_id)
            texts = (
                sa.select(TrailText.id)
                .join(AuditEvent, AuditEvent.id == TrailText.event_id)
                .where(AuditEvent.scope_id.in_(scopes))
                .limit(BATCH)
            )
            ids = db.session.scalars(texts).all()
            db.session.execute(sa.delete(TrailText).where(TrailText.id.in_(ids)))
            deleted = len(ids)
