"""Attached files in search, by name and text: found by whoever sees what they are attached to."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.files.models import Attachment, AttachmentText
from portal.collaboration.files.subject_queries import AttachmentSubjectKind, kinds_by_name, visible_to
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    files = db.session.execute(_FILES.where(Attachment.id.in_(ids), Attachment.subject.in_(findable_kinds())))
    return [
        SearchText(
            subject_id=file.id,
            scope_id=file.scope_id,
            title=_file_name_to_words(file.name),
            body=body or "",
            author_id=file.author_id,
            changed_at=file.created_at,
        )
        for file, body in files
    ]


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    files = db.session.execute(_FILES.where(Attachment.id.in_(ids), visible_to(actor, findable_kinds())))
    return {
        file.id: SearchHit(
            title=file.name,
            address=f"/files/{file.id}/place",
            text=body or "",
            scope_id=file.scope_id,
            day=file.created_at,
        )
        for file, body in files
    }


_FILES = (
    select(Attachment, AttachmentText.body)
    .outerjoin(AttachmentText, AttachmentText.attachment_id == Attachment.id)
    .where(Attachment.removed_at.is_(None))
)


def findable_kinds() -> Mapping[str, AttachmentSubjectKind]:
    """Those whose rows every reader of the project may know of."""
    kinds = kinds_by_name(list_contributions(AttachmentSubjectKind))  # type: ignore[type-abstract]
    return {name: kind for name, kind in kinds.items() if kind.is_findable}


def _file_name_to_words(name: str) -> str:
    """A file's name as words: "AIPD_signée-v2.pdf" has four."""
    return name.replace("_", " ").replace("-", " ").replace(".", " ")


FILES = SearchSource(
    model=Attachment,
    label=_l("Fichiers"),
    read=_read_search_texts,
    find=_find_search_hits,
    singular=_l("Fichier"),
)
SEARCH = (FILES,)
