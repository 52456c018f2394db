"""What a file may be attached to: its subject, of a kind that another feature registers.

A file is as visible as its subject: it is found through the query of the subject's own kind.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.early_reads import reading_before_upload
from portal.platform.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class AttachmentSubject:
    """An object that has files, as one reader sees it."""

    kind: str
    id: UUID
    scope_id: UUID
    number: int  # 0: it has none
    title: str
    find_page: Callable[[], str]  # called within a request only
    is_shown_there: bool  # that page shows its files too
    is_writer: bool  # may attach and remove files
    closed_because: str = ""  # why nobody may any more; "" while writers may
    lasting_ids: frozenset[UUID] = frozenset()  # files that nobody removes
    is_moderator: bool = False  # may remove files at any time
    is_in_feed: bool = True  # the feed shows its files to all readers of the scope
    is_named: bool = True  # the audit trail may record the names of its files
    before_removal: Callable[[Actor, Attachment], None] | None = (
        None  # locks, and takes back what relied on a file
    )

    @property
    def page(self) -> str:
        """The path of the page that shows it."""
        return self.find_page()


class AttachmentSubjectKind(Contribution, ABC):
    """A kind of object that has files. `name` is stored with each file: it never changes."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    def is_findable(self) -> bool:
        """Whether search finds the files: not those that only some readers of a project may see."""
        return True

    @abstractmethod
    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        """Raises `NotFound` when the actor may not see it."""

    @abstractmethod
    def visible(self, actor: Actor) -> Select[Any]:
        """The ids of all that the actor sees."""

    @abstractmethod
    def called(self, number: int) -> str:
        """The label of an object with that number in a list of files."""


SubjectKinds = Mapping[str, AttachmentSubjectKind]


@cache
def kinds_by_name(kinds: tuple[AttachmentSubjectKind, ...]) -> SubjectKinds:
    return {kind.name: kind for kind in kinds}


def get_subject(actor: Actor, kinds: SubjectKinds, kind: str, id_: UUID) -> AttachmentSubject:
    """Raises `NotFound`, also for an unknown kind."""
    if kind not in kinds:
        raise NotFound
    return kinds[kind].get(actor, id_)


def get_subject_before_upload(actor: Actor, kinds: SubjectKinds, kind: str, id_: UUID) -> AttachmentSubject:
    """The same in a transaction that ends before the upload is checked, which may take long."""
    with reading_before_upload():
        return get_subject(actor, kinds, kind, id_)


def visible_to(actor: Actor, kinds: SubjectKinds) -> ColumnElement[bool]:
    """Files of the subjects that the actor sees."""
    return or_(
        *(
            and_(Attachment.subject == kind.name, Attachment.subject_id.in_(kind.visible(actor)))
            for kind in kinds.values()
        )
    )
