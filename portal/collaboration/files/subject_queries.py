"""What a file may be attached to. Each feature says it of its own things, and the roof brings them:
this floor knows none of them, and asks the one whose file it is.

So a file is as visible as what it is attached to: it is found through that thing's own query.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import db, read_before_transaction
from portal.platform.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class AttachmentSubject:
    """One thing as one reader sees it."""

    kind: str
    id: UUID
    scope_id: UUID
    number: int  # what people call it by; 0: it has none
    title: str
    find_page: Callable[[], str]  # asked in a request alone
    is_shown_there: bool  # that page shows its files, too
    is_writer: bool  # attaches files to it, and removes them
    closed_because: str = ""  # why nobody does any more; "" while they do
    is_moderator: bool = False  # removes files that must go, at any time
    is_in_feed: bool = True  # whoever reads its scope may know of it: the feed tells
    is_named: bool = True  # the trail may keep what its files were called

    @property
    def page(self) -> str:
        """The path of the page that shows it."""
        return self.find_page()


class SubjectKind(Contribution, ABC):
    """A kind of thing that takes files. `name` is kept with each of them: never changed."""

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        """Raises `NotFound` where the actor does not see it."""

    @abstractmethod
    def visible(self, actor: Actor) -> Select[Any]:
        """The ids of all that the actor sees."""

    @abstractmethod
    def called(self, number: int) -> str:
        """What one of them is called in a list of files."""


SubjectKinds = Mapping[str, SubjectKind]


def kinds_by_name(kinds: Sequence[SubjectKind]) -> SubjectKinds:
    return {kind.name: kind for kind in kinds}


def get_subject(actor: Actor, kinds: SubjectKinds, kind: str, id_: UUID) -> AttachmentSubject:
    """Raises `NotFound`, for a kind that takes no files too."""
    if kind not in kinds:
        raise NotFound
    return kinds[kind].get(actor, id_)


def get_subject_before_upload(
    actor: Actor, kinds: SubjectKinds, kind: str, id_: UUID
) -> AttachmentSubject:
    """The same before anything is changed; no transaction stays open while a file is looked at."""
    with read_before_transaction():
        place = get_subject(actor, kinds, kind, id_)
    db.session.rollback()
    return place


def visible_to(actor: Actor, kinds: SubjectKinds) -> ColumnElement[bool]:
    """Files of what the actor sees."""
    return or_(
        *(
            and_(Attachment.subject == kind.name, Attachment.subject_id.in_(kind.visible(actor)))
            for kind in kinds.values()
        )
    )
