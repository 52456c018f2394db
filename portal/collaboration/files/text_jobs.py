"""The worker's job that reads the text of attached files, so that search finds them by it.

A file is read once, outside of a transaction; its text is stored and indexed together, unless the
file was removed meanwhile.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import select, update

from portal.collaboration.files.models import Attachment, AttachmentText
from portal.collaboration.files.queries import text_reading_due_conditions
from portal.collaboration.files.search import FILES, findable_kinds
from portal.collaboration.search.commands import index_rows
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, lock_row, read_only_transaction, transaction
from portal.platform.storage.storage import Storage, StorageAway
from portal.platform.storage.texts import FileText, read_text

log = structlog.get_logger("portal")

BATCH = 20  # files of one round


def read_due_texts(storage: Storage) -> int:
    """Read files that were not read yet; returns how many."""
    with read_only_transaction():
        due = _list_files_due_for_reading()
    count = 0
    for file_id, key, media_type in due:
        try:
            read = read_text(storage, key, media_type)
        except StorageAway as away:
            log.warning("files not read", fault=str(away))
            return count
        with transaction():
            count += _store_file_text(file_id, read)
    return count


def _list_files_due_for_reading() -> Sequence[tuple[UUID, str, str]]:
    statement = (
        select(Attachment.id, Attachment.key, Attachment.media_type)
        .where(*text_reading_due_conditions(findable_kinds()))
        .order_by(Attachment.id)
        .limit(BATCH)
    )
    return [(row.id, row.key, row.media_type) for row in db.session.execute(statement)]


def _store_file_text(file_id: UUID, read: FileText) -> bool:
    lock_row(Attachment, file_id)
    unread = Attachment.id == file_id, Attachment.removed_at.is_(None), Attachment.has_text.is_(None)
    facts = {"has_text": bool(read.text.strip()), "unread_because": read.unread_because}
    stored = db.session.execute(update(Attachment).where(*unread).values(facts).returning(Attachment.id))
    if stored.first() is None:
        return False
    db.session.merge(AttachmentText(attachment_id=file_id, body=read.text, read_at=clock.now()))
    index_rows(FILES, [file_id], is_new=True)
    return True
