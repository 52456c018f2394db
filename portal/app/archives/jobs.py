"""The worker's jobs of archives: make those that wait, and delete the bytes of old ones.

The same way as exports of personal data: a lease, bytes stored before the row, a week to fetch them.
"""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.app.archives import commands, queries
from portal.app.archives.contents import write_archive
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.app.archives.redaction_jobs import redact_kept_archives
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db, read_only_transaction, transaction
from portal.platform.kernel.leases import lease_first_waiting_row
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.storage import new_key
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback, get_storage

log = structlog.get_logger("portal")

LEASE = timedelta(hours=1)
ATTEMPTS_MAX = 3
KEPT_FOR = timedelta(days=7)


def make_due_archives() -> int:
    """Make all archives that wait; returns how many were tried."""
    count = 0
    while (claimed := _claim_archive()) is not None:
        count += 1
        archive_id, programme_id = claimed
        log.info("archive", archive_id=str(archive_id))
        folder = get_service(Settings).incoming_folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=folder) as target:
            with read_only_transaction():
                facts = write_archive(target, queries.get_programme_for_worker(programme_id))
            target.seek(0, 2)
            _store_archive(archive_id, target, *facts)
    return count


def _claim_archive() -> tuple[UUID, UUID] | None:
    """Lease the first archive that waits: its id and its programme's. Gives up after three."""
    waiting = ProgrammeArchive.stage == ArchiveStage.WAITING
    with transaction():
        row = lease_first_waiting_row(
            db.session(),
            ProgrammeArchive,
            waiting,
            duration=LEASE,
            attempts_max=ATTEMPTS_MAX,
            give_up=_give_up_archive,
        )
        return (row.id, row.programme_id) if row else None


def _give_up_archive(row: ProgrammeArchive) -> None:
    row.stage, row.finished_at = ArchiveStage.FAILED, clock.now()
    commands.record_archive_outcome(row, commands.FAILED)


def _store_archive(archive_id: UUID, target: IO[bytes], fingerprint: str, anchor: str, lines: int) -> None:
    """Store the bytes, then the row; where another worker was first, they go."""
    key, size = new_key(), target.tell()
    get_storage().put(key, target, size)
    with transaction():
        discard_on_rollback(key)
        row = queries.lock_archive_for_worker(archive_id)
        if row is None or row.stage is not ArchiveStage.WAITING:
            delete_on_commit(key)
            return
        row.key, row.size, row.stage, row.leased_until = key, size, ArchiveStage.READY, None
        row.fingerprint, row.anchor, row.lines = fingerprint, anchor, lines
        row.finished_at = clock.now()
        row.expires_at = row.finished_at + KEPT_FOR
        commands.record_archive_outcome(row, commands.COMPLETED)


def delete_old_archives(_before: object = None) -> int:
    """Delete the bytes of archives that expired; returns how many."""
    return _expire_archives(ProgrammeArchive.expires_at <= clock.now(), commands.EXPIRED)


def expire_archives_after_erasure(identity: IdentityToErase) -> None:
    """Delete all archives after an erasure: any of them may name the person. Leads are told, and
    ask again.

    Of a programme that left, the archive is all that there is: the name is taken out of it.
    """
    _expire_archives(ProgrammeArchive.expires_at.is_not(None), commands.REMOVED)
    redact_kept_archives(identity)


def _expire_archives(condition: sa.ColumnElement[bool], action: audit.Action) -> int:
    ready = sa.select(ProgrammeArchive).where(ProgrammeArchive.stage == ArchiveStage.READY, condition)
    with transaction():
        rows = db.session.scalars(ready.with_for_update(skip_locked=True)).all()
        for row in rows:
            if row.key is not None:
                delete_on_commit(row.key)
            row.key, row.stage = None, ArchiveStage.EXPIRED
            commands.record_archive_outcome(row, action)
        return len(rows)
