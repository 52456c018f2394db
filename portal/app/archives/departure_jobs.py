"""The worker's part in the departure of programmes: follow what is closed, check the archive, empty."""

from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from uuid import UUID

import structlog

from portal.app.archives import departure_commands as commands
from portal.app.archives import departure_queries as queries
from portal.app.archives.emptying_jobs import empty_programme
from portal.app.archives.verification import ArchiveUnreadable, verify_archive
from portal.platform.kernel.database import read_only_transaction, transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.storage.storage import ObjectMissing
from portal.platform.storage.transaction import get_storage

log = structlog.get_logger("portal")


def follow_closings(_before: object = None) -> int:
    """Note which programmes are closed and tell their leads; returns how many programmes were read."""
    with read_only_transaction():
        programme_ids = queries.list_remaining_programme_ids()
    for programme_id in programme_ids:
        with transaction():
            commands.update_programme_departure(programme_id)
    return len(programme_ids)


def make_programmes_leave() -> int:
    """Make programmes leave that are due, and empty them; returns how many rows of theirs went."""
    with read_only_transaction():
        programme_ids = queries.list_departing_programme_ids()
    return sum(empty_programme(id_) for id_ in programme_ids if _has_left(id_) or _make_programme_leave(id_))


def _has_left(programme_id: UUID) -> bool:
    with read_only_transaction():
        return queries.get_programme_for_worker(programme_id).left_at is not None


def _make_programme_leave(programme_id: UUID) -> bool:
    """Close a programme's pages once its archive is verified; False while there is none."""
    with transaction():
        archive = commands.find_or_request_archive(programme_id)
        if archive is None:
            return False
        archive_id, key, fingerprint = archive.id, archive.key or "", archive.fingerprint
    if not _is_archive_sound(key, fingerprint):
        log.error("archive does not verify", archive_id=str(archive_id))
        with transaction():
            commands.discard_archive(archive_id)
        return False
    with transaction():
        return commands.close_departed_programme(programme_id, archive_id)


def _is_archive_sound(key: str, fingerprint: str) -> bool:
    """Whether the stored archive is whole, and the one whose fingerprint the trail keeps."""
    folder = get_service(Settings).incoming_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder) as copy:
        try:
            with get_storage().open(key) as stored:
                copyfileobj(stored, copy)
            copy.flush()
            return not verify_archive(Path(copy.name), fingerprint).faults
        except (ObjectMissing, ArchiveUnreadable):
            return False
