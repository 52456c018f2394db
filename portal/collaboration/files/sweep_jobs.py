"""Whether rows and bytes agree: bytes that no row names are deleted, rows without bytes are told.

Bytes come before their row and go after it, so that a stopped process leaves bytes, never a row
that names nothing. What is younger than a day may belong to a request that is not over.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog
from flask import current_app
from sqlalchemy import select

from portal.collaboration.files.models import Attachment
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.storage.storage import ObjectMissing, Storage, StorageAway, StoredObject
from portal.platform.storage.transaction import discard_bytes

log = structlog.get_logger("portal")

SAFE_AGE = timedelta(days=1)
UNKNOWN_MAX = 20  # unknown files that are deleted whatever part of all they are
_BATCH = 500
_BLOCK = 1 << 20


@dataclass(frozen=True)
class FileFault:
    """A file that is not as its row says. `why` is a word for programs and people who operate."""

    file_id: object
    name: str
    why: str  # missing, size, changed


def sweep(_before: datetime) -> int:
    """Delete what no row names, and say what is missing; how many were deleted.

    Where most of what is stored is unknown, this is the wrong database or the wrong storage:
    nothing is deleted then.
    """
    try:
        return _sweep(_storage())
    except StorageAway as away:
        log.error("files not swept", fault=str(away))
        return 0
    finally:
        db.session.rollback()


def _sweep(storage: Storage) -> int:
    old = clock.now() - SAFE_AGE
    cleared = storage.clear_partial(old)
    stored_count = 0
    orphans: list[str] = []
    for some in _batches(storage.stored()):
        stored_count += len(some)
        named_keys = _list_named_keys(each.key for each in some)
        orphans += [each.key for each in some if each.key not in named_keys and each.at < old]
    if len(orphans) > max(UNKNOWN_MAX, stored_count // 2):
        log.error(
            "files not swept", fault="most are unknown to this database", unknown=len(orphans)
        )
        return cleared
    for key in orphans:
        discard_bytes(key)
    missing = sum(fault.why == "missing" for fault in list_faults(storage, deep=False))
    if missing:
        log.error("files missing", count=missing)
    return cleared + len(orphans)


def list_faults(storage: Storage, *, deep: bool) -> Iterator[FileFault]:
    """Files that are not as their rows say; `deep` reads every byte again."""
    sizes = {each.key: each.size for each in storage.stored()}
    there = select(Attachment).where(Attachment.removed_at.is_(None)).order_by(Attachment.id)
    for file in db.session.scalars(there.execution_options(yield_per=_BATCH)):
        why = ""
        if file.key not in sizes:
            why = "missing"
        elif sizes[file.key] != file.size:
            why = "size"
        elif deep and _digest_of(storage, file.key) != file.sha256:
            why = "changed"
        if why:
            yield FileFault(file.id, file.name, why)


def count_unknown(storage: Storage) -> int:
    """How many stored files no row names, whatever their age."""
    unknown = 0
    for some in _batches(storage.stored()):
        unknown += len(some) - len(_list_named_keys(each.key for each in some))
    return unknown


def _list_named_keys(keys: Iterable[str]) -> set[str]:
    named = select(Attachment.key).where(
        Attachment.key.in_(list(keys)), Attachment.removed_at.is_(None)
    )
    return set(db.session.scalars(named))


def _batches(stored: Iterator[StoredObject]) -> Iterator[list[StoredObject]]:
    while some := list(islice(stored, _BATCH)):
        yield some


def _digest_of(storage: Storage, key: str) -> str:
    digest = hashlib.sha256()
    try:
        with closing(storage.open(key)) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except ObjectMissing:
        return ""
    return digest.hexdigest()


def _storage() -> Storage:
    storage: Storage = current_app.extensions["storage"]
    return storage
