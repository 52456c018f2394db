"""Compare rows with stored bytes: delete orphaned bytes, report rows without bytes.

Bytes are stored before their row is committed and deleted after it, so a killed process leaves
orphaned bytes, never a row without bytes. Bytes younger than a day may belong to a running request.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import structlog
from sqlalchemy import select, union_all

from portal.collaboration.files.models import Attachment
from portal.people.privacy.models import DataExport
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.storage.storage import ObjectMissing, Storage, StorageAway, StoredObject

log = structlog.get_logger("portal")

SAFE_AGE = timedelta(days=1)
UNKNOWN_MAX = 20  # so many orphans are deleted whatever share of all files they are
_BATCH = 500
_BLOCK = 1 << 20


@dataclass(frozen=True)
class FaultyFile:
    """A file whose bytes do not match its row."""

    file_id: object
    name: str
    why: str  # missing, size, changed


def sweep_storage(storage: Storage) -> int:
    """Delete orphaned bytes and log missing ones; returns how many were deleted.

    When most stored files are unknown, the database or the storage must be the wrong one: nothing
    is deleted then.
    """
    try:
        return _delete_orphans_and_log_missing(storage)
    except StorageAway as error:
        log.error("files not swept", fault=str(error))
        return 0
    finally:
        db.session.rollback()


def _delete_orphans_and_log_missing(storage: Storage) -> int:
    old = clock.now() - SAFE_AGE
    cleared_count = storage.delete_partial_files(old)
    stored_count = 0
    orphans: list[str] = []
    for batch in _split_into_batches(storage.stored()):
        stored_count += len(batch)
        row_keys = _list_referenced_keys(stored.key for stored in batch)
        orphans += [stored.key for stored in batch if stored.key not in row_keys and stored.at < old]
    if len(orphans) > max(UNKNOWN_MAX, stored_count // 2):
        log.error("files not swept", fault="most are unknown to this database", unknown=len(orphans))
        return cleared_count
    for key in orphans:
        try:
            storage.delete(key)
        except StorageAway as error:
            log.warning("file not deleted", key=key, fault=str(error))
    missing = sum(fault.why == "missing" for fault in iterate_file_faults(storage, deep=False))
    if missing:
        log.error("files missing", count=missing)
    return cleared_count + len(orphans)


def iterate_file_faults(storage: Storage, *, deep: bool) -> Iterator[FaultyFile]:
    """Present files whose bytes do not match their rows; `deep` compares SHA-256 of all bytes."""
    sizes = {stored.key: stored.size for stored in storage.stored()}
    present = select(Attachment).where(Attachment.removed_at.is_(None)).order_by(Attachment.id)
    for file in db.session.scalars(present.execution_options(yield_per=_BATCH)):
        why = ""
        if file.key not in sizes:
            why = "missing"
        elif sizes[file.key] != file.size:
            why = "size"
        elif deep and _compute_file_digest(storage, file.key) != file.sha256:
            why = "changed"
        if why:
            yield FaultyFile(file.id, file.name, why)


def count_files_without_row(storage: Storage) -> int:
    """How many stored files have no row, whatever their age."""
    return sum(
        len(batch) - len(_list_referenced_keys(stored.key for stored in batch))
        for batch in _split_into_batches(storage.stored())
    )


def _list_referenced_keys(keys: Iterable[str]) -> set[str]:
    """The keys that a present file or an export of personal data refers to."""
    stored = list(keys)
    files = select(Attachment.key).where(Attachment.key.in_(stored), Attachment.removed_at.is_(None))
    exports = select(DataExport.key).where(DataExport.key.in_(stored))
    return set(db.session.scalars(union_all(files, exports)))


def _split_into_batches(stored: Iterator[StoredObject]) -> Iterator[list[StoredObject]]:
    while batch := list(islice(stored, _BATCH)):
        yield batch


def _compute_file_digest(storage: Storage, key: str) -> str:
    digest = hashlib.sha256()
    try:
        with closing(storage.open(key)) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except ObjectMissing:
        return ""
    return digest.hexdigest()
