"""What the worker reads of archives: it makes what a lead asked for."""

from uuid import UUID

from portal.app.archives.models import ProgrammeArchive
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db


def get_programme_for_worker(programme_id: UUID) -> Programme:
    return db.session.get_one(Programme, programme_id)


def lock_archive(archive_id: UUID) -> ProgrammeArchive:
    """An archive that is there, locked."""
    return db.session.get_one(ProgrammeArchive, archive_id, with_for_update=True)


def lock_archive_for_worker(archive_id: UUID) -> ProgrammeArchive | None:
    """An archive, locked; None once it is gone."""
    return db.session.get(ProgrammeArchive, archive_id, with_for_update=True)
