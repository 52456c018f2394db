"""What a feature contributes to search: which of its rows have texts, and how a hit is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.collaboration.search.policy import Reach
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import Base
from portal.platform.kernel.text import LazyString


@dataclass(frozen=True, kw_only=True)
class SearchText:
    """The text of a row, as it is indexed. `changed_at` is when it was written or last changed."""

    subject_id: UUID
    scope_id: UUID
    title: str
    body: str = ""
    reach: Reach = Reach.PROJECT
    author_id: UUID | None = None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """A row as the page shows it: `place` is where it stands, `state` what it is now, `text` what
    the extract is cut from."""

    title: str
    address: str
    place: str = ""
    state: str = ""
    text: str = ""
    day: datetime | None = None
    scope_id: UUID | None = None  # whose name is the place, where the feature does not know it


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchSource(Contribution):
    """A kind of thing that is found. Its code is the table of `model`, which is the subject of the
    actions that change it; `follows` names other tables, with the function that gives the ids of
    this source's rows for theirs. `read` gives the texts of rows that may be found, drafts and
    deleted ones left out. `find` gives the hits that the actor may read, by the feature's policy.
    """

    model: type[Base]
    label: LazyString
    read: Callable[[Sequence[UUID]], Sequence[SearchText]]
    find: Callable[[Actor, Sequence[UUID]], Mapping[UUID, SearchHit]]
    follows: Mapping[type[Base], Callable[[Sequence[UUID]], Sequence[UUID]]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.model.__tablename__)

    def subjects_of(self, table: str, ids: Sequence[UUID]) -> Sequence[UUID]:
        """The rows of this source that rows of a table belong to."""
        if table == self.kind:
            return ids
        return next((find(ids) for model, find in self.follows.items() if model.__tablename__ == table), ())

    @property
    def tables(self) -> frozenset[str]:
        return frozenset({self.kind, *(model.__tablename__ for model in self.follows)})


def text_of(*parts: Any) -> str:
    """Texts of a row joined, empty ones left out."""
    return "\n".join(str(part) for part in parts if part)
