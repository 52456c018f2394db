"""Ask for an export of one's data, and record what became of it."""

import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.privacy import policy, queries
from portal.people.privacy.models import DataExport
from portal.platform.kernel import audit, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

REQUESTED = audit.Action("data_export.requested")
COMPLETED = audit.Action("data_export.completed")
FAILED = audit.Action("data_export.failed")
REMOVED = audit.Action("data_export.removed")  # it held data of an erased person
DOWNLOADED = audit.Action("data_export.downloaded")
EXPIRED = audit.Action("data_export.expired")

DATA_PATH = "/profile/data"  # the page of one's own data, for notifications


def request_export(actor: Actor, person: Person) -> DataExport:
    """Ask the worker for an export. Raises `RuleBroken` while another one is made or ready."""
    require(policy.can_export(actor, person))
    lock_row(Person, person.id)
    current = queries.find_current_export(actor)
    if current is not None:
        sentence = (
            _("Il est déjà là : téléchargez-le.") if current.is_ready else _("Il est déjà en préparation.")
        )
        raise RuleBroken(None, sentence)
    row = DataExport(person_id=person.id)
    db.session.add(row)
    audit.record(actor, REQUESTED, row, scope_id=None)
    outbox.wake_sender_after_commit()
    return row


def record_export_end(row: DataExport, action: audit.Action) -> None:
    """Record that an export is `COMPLETED`, `FAILED` or `REMOVED`, which notifies the person, or
    `EXPIRED`."""
    facts = {"person_id": row.person_id, "path": DATA_PATH}
    audit.record(None, action, row, scope_id=None, facts=facts)


def was_export_removed_by_erasure(row: DataExport) -> bool:
    """Whether an erasure removed this export of the actor's before its week was over; by the trail."""
    removal = AuditEvent.subject_id == row.id, AuditEvent.action == REMOVED.code
    return db.session.scalar(sa.select(AuditEvent.id).where(*removal)) is not None


def record_export_download(actor: Actor, row: DataExport) -> None:
    audit.record(actor, DOWNLOADED, row, scope_id=None)
