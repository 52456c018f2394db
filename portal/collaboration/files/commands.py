"""Attaching files and removing them. Their bytes are kept before their row is, and go after it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from portal.collaboration.files import policy, queries
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubject
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.storage.contents import FILE_FIELD
from portal.platform.storage.intake import IncomingFile
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.transaction import delete_on_commit, discard_on_rollback

ATTACHED = audit.Action("file.attached", _l("a joint le fichier « %(name)s »"))
REMOVED = audit.Action("file.removed", _l("a retiré le fichier « %(name)s »"), ends=True)


def require_to_attach(place: AttachmentSubject) -> None:
    """Raise `NotAllowed` for whoever does not write there, `TooLate` once nobody does."""
    sentence = _("Seules les personnes qui écrivent ici y joignent des fichiers.")
    require(place.is_writer, sentence)
    if place.closed_because:
        raise TooLate(place.closed_because)
    require(policy.can_attach(place), sentence)


def attach(
    actor: Actor, place: AttachmentSubject, arrived: IncomingFile, allowed: int
) -> Attachment:
    """Attach a file that the desk took in; `allowed` bytes are what a project may hold.

    Raises `RuleBroken` on `file`.
    """
    require_to_attach(place)
    lock_row(Scope, place.scope_id)  # two who attach at once do not share the last of the room
    _check_room(queries.measure_usage(place.scope_id, allowed), arrived)
    if same := queries.find_same_content(place, arrived.sha256):
        raise RuleBroken(
            FILE_FIELD, _("Le même contenu est déjà joint ici : « %(name)s ».", name=same)
        )
    file = Attachment(
        id=new_id(),
        scope_id=place.scope_id,
        subject=place.kind,
        subject_id=place.id,
        number=place.number,
        name=arrived.name,
        media_type=arrived.media_type,
        size=arrived.size,
        sha256=arrived.sha256,
        key=arrived.key,
        was_scanned=arrived.was_scanned,
        author_id=actor.person_id,
    )
    db.session.add(file)
    discard_on_rollback(arrived.key)
    arrived.is_attached = True
    _record(actor, ATTACHED, file, is_in_feed=place.is_in_feed, named=place.is_named)
    return file


def _check_room(room: queries.StorageQuota, arrived: IncomingFile) -> None:
    if arrived.size > room.left:
        raise RuleBroken(
            FILE_FIELD,
            _(
                "Ce fichier fait %(size)s. Il reste %(left)s aux fichiers du projet, sur"
                " %(allowed)s : retirez-en qui ne servent plus.",
                size=size_in_words(arrived.size),
                left=size_in_words(room.left),
                allowed=size_in_words(room.allowed),
            ),
        )


def require_to_remove(place: AttachmentSubject, file: Attachment) -> None:
    """Raise `NotAllowed`, or `TooLate` once the place takes no more."""
    sentence = _(
        "Un fichier est retiré par les personnes qui écrivent ici, ou par la direction du"
        " programme."
    )
    require(policy.may_remove(place), sentence)
    if place.closed_because and not place.is_moderator:
        raise TooLate(place.closed_because)
    require(file.removed_at is not None or policy.can_remove(place, file), sentence)


def remove(actor: Actor, place: AttachmentSubject, file: Attachment) -> None:
    """Take a file away; its trace stays. Nothing happens where somebody did so already."""
    require_to_remove(place, file)
    lock_row(Attachment, file.id)
    db.session.refresh(file)
    if file.removed_at is None:
        _remove(actor, file, is_in_feed=place.is_in_feed, named=place.is_named)


def remove_files(actor: Actor, kind: str, id_: UUID) -> None:
    """The same for all files of a thing that goes, by whoever may let it go."""
    of_it = Attachment.subject_id == id_, Attachment.subject == kind
    there = select(Attachment).where(*of_it, Attachment.removed_at.is_(None))
    for file in db.session.scalars(there.with_for_update()).all():
        _remove(actor, file)


def erase_files(kind: str, ids: Sequence[UUID]) -> None:
    """The files of things that must leave no trace, and those that had been removed from them:
    their rows now, their bytes once that is kept. The caller is allowed to, and records it."""
    of_them = Attachment.subject == kind, Attachment.subject_id.in_(ids)
    files = db.session.execute(select(Attachment.key, Attachment.removed_at).where(*of_them)).all()
    for key, removed_at in files:
        if removed_at is None:
            delete_on_commit(key)
    db.session.execute(delete(Attachment).where(*of_them))


def _remove(actor: Actor, file: Attachment, *, is_in_feed: bool = True, named: bool = True) -> None:
    file.removed_at = clock.now()
    file.removed_by_id = actor.person_id
    delete_on_commit(file.key)
    _record(actor, REMOVED, file, is_in_feed=is_in_feed, named=named)


def _record(
    actor: Actor, action: audit.Action, file: Attachment, *, is_in_feed: bool, named: bool = True
) -> None:
    """What it was called, how large it was and its fingerprint: enough to know it again. Nothing
    of that where it must be possible to forget the file."""
    facts = {
        "name": file.name if named else "",
        "of": file.subject,
        "of_id": file.subject_id,
        "path": f"/files/{file.id}/place",
    }
    measures = {"size": file.size, "sha256": file.sha256} if named else {}
    was, is_ = (measures, None) if action is REMOVED else (None, measures)
    changes = {name: ((was or {}).get(name), (is_ or {}).get(name)) for name in measures}
    scope_id = file.scope_id if is_in_feed else None
    audit.record(actor, action, file, scope_id=scope_id, facts=facts, changes=changes)
