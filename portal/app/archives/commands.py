"""Ask for the archive of a programme, and record what became of it."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.app.archives import policy
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel import audit, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, get_scalar, lock_row
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project

REQUESTED = audit.Action("archive.requested")
COMPLETED = audit.Action("archive.completed")
FAILED = audit.Action("archive.failed")
DOWNLOADED = audit.Action("archive.downloaded")
EXPIRED = audit.Action("archive.expired")
REDACTED = audit.Action("archive.redacted")
REMOVED = audit.Action("archive.removed")  # it held data of an erased person

LISTED = 10


def list_archives(actor: Actor, programme: Programme) -> Sequence[ProgrammeArchive]:
    """The latest archives of a programme, newest first. Raises `NotAllowed` but for its leads."""
    require(policy.can_archive(actor, programme))
    own = sa.select(ProgrammeArchive).where(ProgrammeArchive.programme_id == programme.id)
    return db.session.scalars(own.order_by(ProgrammeArchive.id.desc()).limit(LISTED)).all()


def list_archive_ids_removed_by_erasure(archives: Sequence[ProgrammeArchive]) -> Collection[UUID]:
    """Those of these archives that an erasure removed before their week was over; by the trail."""
    ids = [row.id for row in archives if row.stage is ArchiveStage.EXPIRED]
    removals = AuditEvent.subject_id.in_(ids), AuditEvent.action == REMOVED.code
    return set(db.session.scalars(sa.select(AuditEvent.subject_id).where(*removals))) if ids else ()


def get_ready_archive(actor: Actor, programme: Programme, archive_id: UUID) -> ProgrammeArchive:
    """An archive that can be downloaded now. Raises `NotFound`, `NotAllowed`."""
    require(policy.can_archive(actor, programme))
    own = ProgrammeArchive.id == archive_id, ProgrammeArchive.programme_id == programme.id
    row = get_scalar(sa.select(ProgrammeArchive).where(*own))
    if not row.is_ready:
        raise NotFound
    return row


def list_open_projects(programme: Programme) -> Sequence[Project]:
    """Projects that are neither stopped nor finished: what closing a programme waits for."""
    statement = sa.select(Project).where(Project.programme_id == programme.id)
    projects = db.session.scalars(statement.order_by(Project.organisation)).all()
    return [project for project in projects if not project.is_over]


def request_archive(actor: Actor, programme: Programme) -> ProgrammeArchive:
    """Ask the worker for an archive. Raises `RuleBroken` while another one is made."""
    require(policy.can_archive(actor, programme))
    lock_row(Scope, programme.id)
    if any(row.stage is ArchiveStage.WAITING for row in list_archives(actor, programme)):
        raise RuleBroken(None, _("Une archive est déjà en préparation."))
    row = ProgrammeArchive(programme_id=programme.id, requested_by_id=actor.person_id)
    db.session.add(row)
    audit.record(actor, REQUESTED, row, scope_id=programme.id)
    outbox.wake_sender_after_commit()
    return row


def record_archive_outcome(row: ProgrammeArchive, action: audit.Action) -> None:
    """Record that an archive is completed or redacted (with its fingerprint), failed or expired; or
    removed, of which whoever asked for it is told."""
    facts: dict[str, object] = {}
    if action in (COMPLETED, REDACTED):
        facts = {"fingerprint": row.fingerprint, "anchor": row.anchor}
    elif action is REMOVED:
        slug = db.session.scalar(sa.select(Programme.slug).where(Programme.id == row.programme_id))
        facts = {"person_id": row.requested_by_id, "path": f"/programmes/{slug}/archive"}
    audit.record(None, action, row, scope_id=row.programme_id, facts=facts)


def record_archive_download(actor: Actor, row: ProgrammeArchive) -> None:
    audit.record(actor, DOWNLOADED, row, scope_id=row.programme_id)
