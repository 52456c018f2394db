"""Why a file was not found: those whose text is not searched, or not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.collaboration.files.queries import UNREAD_MAX, list_incompletely_searchable_files
from portal.collaboration.files.search import FILES, findable_kinds
from portal.platform.kernel.access import Actor
from portal.platform.storage.labels import explain_unread_text


@dataclass(frozen=True)
class UnsearchedFile:
    """A file that search does not find by its text: where it is, and why in a sentence."""

    name: str
    address: str
    why: str


def list_unsearched_files(
    actor: Actor, kind: str, scope_id: UUID | None
) -> tuple[Sequence[UnsearchedFile], bool]:
    """The latest files that the actor sees and whose text is not searched, or not yet, where files are;
    whether there are more."""
    if kind not in ("", FILES.kind):
        return (), False
    files = list_incompletely_searchable_files(actor, findable_kinds(), scope_id)
    unread = [
        UnsearchedFile(
            file.name, f"/files/{file.id}/place", explain_unread_text(file.unread_because, file.has_text)
        )
        for file in files[:UNREAD_MAX]
    ]
    return unread, len(files) > UNREAD_MAX
