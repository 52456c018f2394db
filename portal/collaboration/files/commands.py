"""Attach and remove files. Bytes are stored before their row is committed, deleted after it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from portal.collaboration.files import policy, queries
from portal.collaboration.files.models import Attachment, AttachmentText
from portal.collaboration.files.subject_queries import AttachmentSubject
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.contents import FILE_FIELD
from portal.platform.storage.intake import StoredUpload
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback

ATTACHED = audit.Action("file.attached", _l("a joint le fichier « %(name)s »"))
REMOVED = audit.Action("file.removed", _l("a supprimé le fichier « %(name)s »"), ends=True)


def require_to_attach(place: AttachmentSubject) -> None:
    """Raise `NotAllowed` for whoever may not write there, `TooLate` once it is closed."""
    sentence = _("Seules les personnes qui écrivent ici y joignent des fichiers.")
    require(place.is_writer, sentence)
    if place.closed_because:
        raise TooLate(place.closed_because)
    require(policy.can_attach(place), sentence)


def attach_upload(actor: Actor, place: AttachmentSubject, incoming: StoredUpload, allowed: int) -> Attachment:
    """Attach an accepted upload; `allowed` is the project's quota in bytes.

    Raises `RuleBroken` on `file` when the quota is exceeded or the same content is attached.
    """
    require_to_attach(place)
    lock_row(Scope, place.scope_id)  # so that concurrent uploads cannot exceed the quota
    _check_quota(queries.read_project_storage_quota(place.scope_id, allowed), incoming)
    if same := queries.find_name_of_identical_file(place, incoming.sha256):
        raise RuleBroken(FILE_FIELD, _("Le même contenu est déjà joint ici : « %(name)s ».", name=same))
    file = Attachment(
        id=new_id(),
        scope_id=place.scope_id,
        subject=place.kind,
        subject_id=place.id,
        number=place.number,
        name=incoming.name,
        media_type=incoming.media_type,
        size=incoming.size,
        sha256=incoming.sha256,
        key=incoming.key,
        was_scanned=incoming.was_scanned,
        author_id=actor.person_id,
    )
    db.session.add(file)
    discard_on_rollback(incoming.key)
    incoming.is_attached = True
    _record_file_action(actor, ATTACHED, file, is_in_feed=place.is_in_feed, is_named=place.is_named)
    return file


def _check_quota(quota: queries.StorageQuota, incoming: StoredUpload) -> None:
    if incoming.size > quota.left:
        raise RuleBroken(
            FILE_FIELD,
            _(
                "Ce fichier fait %(size)s. Il reste %(left)s aux fichiers du projet, sur"
                " %(allowed)s : supprimez ceux qui ne servent plus.",
                size=size_in_words(incoming.size),
                left=size_in_words(quota.left),
                allowed=size_in_words(quota.allowed),
            ),
        )


def require_to_remove(place: AttachmentSubject, file: Attachment) -> None:
    """Raise `NotAllowed`, or `TooLate` once the subject is closed to its writers."""
    sentence = _(
        "Un fichier est supprimé par les personnes qui écrivent ici, ou par la direction du programme."
    )
    require(policy.may_ever_remove(place), sentence)
    if place.closed_because and not place.is_moderator:
        raise TooLate(place.closed_because)
    require(file.removed_at is not None or policy.can_remove(place, file), sentence)


def remove_file(actor: Actor, place: AttachmentSubject, file: Attachment) -> None:
    """Delete a file's bytes; the row stays, marked as removed. Idempotent."""
    require_to_remove(place, file)
    if place.before_removal:
        place.before_removal(actor, file)
    lock_row(Attachment, file.id)
    reload_row(file)
    if file.removed_at is None:
        _mark_file_removed(actor, file, is_in_feed=place.is_in_feed, is_named=place.is_named)


def remove_files(actor: Actor, kind: str, id_: UUID) -> None:
    """The same for all files of a subject that is deleted; the caller checks permission."""
    is_of_subject = Attachment.subject_id == id_, Attachment.subject == kind
    present = select(Attachment).where(*is_of_subject, Attachment.removed_at.is_(None))
    for file in db.session.scalars(present.with_for_update()).all():
        _mark_file_removed(actor, file)


def erase_files(kind: str, ids: Sequence[UUID]) -> None:
    """Delete all rows of the subjects' files, also of removed ones; their bytes on commit.

    For subjects that must leave no trace. The caller checks permission and records the erasure.
    """
    is_of_subjects = Attachment.subject == kind, Attachment.subject_id.in_(ids)
    files = select(Attachment.key, Attachment.removed_at).where(*is_of_subjects)
    for key, removed_at in db.session.execute(files).all():
        if removed_at is None:
            delete_on_commit(key)
    db.session.execute(delete(Attachment).where(*is_of_subjects))


def _mark_file_removed(
    actor: Actor, file: Attachment, *, is_in_feed: bool = True, is_named: bool = True
) -> None:
    file.removed_at = clock.now()
    file.removed_by_id = actor.person_id
    delete_on_commit(file.key)
    db.session.execute(delete(AttachmentText).where(AttachmentText.attachment_id == file.id))
    _record_file_action(actor, REMOVED, file, is_in_feed=is_in_feed, is_named=is_named)


def _record_file_action(
    actor: Actor, action: audit.Action, file: Attachment, *, is_in_feed: bool, is_named: bool
) -> None:
    """Record the file's name, size and SHA-256; none of these where `is_named` is false, so that
    the file can be forgotten."""
    facts = {
        "name": file.name if is_named else "",
        "of": file.subject,
        "of_id": file.subject_id,
        "path": f"/files/{file.id}/place",
    }
    measures = {"size": file.size, "sha256": file.sha256} if is_named else {}
    changes: audit.Changes = {
        name: (value, None) if action is REMOVED else (None, value) for name, value in measures.items()
    }
    scope_id = file.scope_id if is_in_feed else None
    audit.record(actor, action, file, scope_id=scope_id, facts=facts, changes=changes)
