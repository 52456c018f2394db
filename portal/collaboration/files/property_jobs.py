"""Take the name of an erased person out of the properties of attached files: a document says who made it."""

import hashlib
from tempfile import TemporaryFile
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.collaboration.files.models import Attachment
from portal.people.privacy.identity_rules import NamePatterns, build_name_patterns
from portal.platform.kernel import audit
from portal.platform.kernel.database import db, read_only_transaction, transaction
from portal.platform.kernel.personal_data import IdentityToErase
from portal.platform.storage.properties import rewrite_properties
from portal.platform.storage.storage import ObjectMissing, new_key
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback, get_storage

log = structlog.get_logger("portal")

PROPERTIES_REDACTED = audit.Action("file.properties_redacted")


def redact_properties_naming_person(identity: IdentityToErase) -> None:
    """Rewrite every file whose properties name the person; its text stays as it was decided."""
    patterns = build_name_patterns(identity)
    documents = sa.or_(
        Attachment.media_type == "application/pdf", Attachment.media_type.like("application/vnd.%")
    )
    with read_only_transaction():
        present = sa.select(Attachment.id, Attachment.key, Attachment.media_type)
        files = db.session.execute(present.where(Attachment.removed_at.is_(None), documents)).all()
    for file_id, key, media_type in files:
        _redact_file_properties(file_id, key, media_type, patterns)


def _redact_file_properties(file_id: UUID, key: str, media_type: str, patterns: NamePatterns) -> None:
    with TemporaryFile() as target:
        try:
            with get_storage().open(key) as source, TemporaryFile() as copy:
                copy.write(source.read())
                copy.seek(0)
                is_changed = rewrite_properties(copy, target, media_type, patterns.redact)
        except ObjectMissing:
            return
        if not is_changed:
            return
        size, _ = target.seek(0, 2), target.seek(0)
        sha256 = hashlib.file_digest(target, "sha256").hexdigest()
        target.seek(0)
        new = new_key()
        get_storage().put(new, target, size)
    with transaction():
        discard_on_rollback(new)
        file = db.session.scalar(sa.select(Attachment).where(Attachment.id == file_id).with_for_update())
        if file is None or file.key != key or file.removed_at is not None:
            delete_on_commit(new)
            return
        delete_on_commit(key)
        file.key, file.size, file.sha256 = new, size, sha256
        audit.record(None, PROPERTIES_REDACTED, file, scope_id=None, changes={"sha256": (None, sha256)})
        log.info("file properties redacted", file_id=str(file_id))
