"""Files whose text names a person that is erased."""

from sqlalchemy import delete, select

from portal.collaboration.files.models import Attachment, AttachmentText
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import RowKey
from portal.platform.storage.transaction import delete_on_commit

FORGOTTEN = audit.Action("file.forgotten", ends=True)


def erase_file_content(key: RowKey) -> None:
    """Delete the bytes and the text of a file by its id: a name in it cannot be taken out."""
    file = db.session.scalars(select(Attachment).where(Attachment.id == key[0])).one()
    if file.removed_at is None:
        file.removed_at, file.removed_by_id = clock.now(), file.author_id
        delete_on_commit(file.key)
        audit.record(None, FORGOTTEN, file, scope_id=file.scope_id)
    db.session.execute(delete(AttachmentText).where(AttachmentText.attachment_id == file.id))
