"""What a feature contributes to search: which of its rows have texts, and how a hit is shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.collaboration.search.policy import TextAudience
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import Action, AuditEvent, PendingAuditEvent
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import Base
from portal.platform.kernel.text import LazyString


@dataclass(frozen=True, kw_only=True)
class SearchText:
    """The text of a row, as it is indexed. `changed_at` is when it was written or last changed. Without
    `author_id` its author is whoever the trail's first line about the row names."""

    subject_id: UUID
    scope_id: UUID
    title: str
    body: str = ""
    reach: TextAudience = TextAudience.PROJECT
    readers: Sequence[UUID] = ()  # of an application: the jurors who judge it
    shut_out: Sequence[UUID] = ()  # whoever does not find it in spite of their role
    author_id: UUID | None = None
    changed_at: datetime


Called = tuple[LazyString, str]  # the name of a kind, and folded words for it in both languages
Badge = tuple[LazyString | str, str | None]  # the words of a state, and the kind of its badge


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """A row as the page shows it: `place` is where it stands, `state` what it is now, in the words
    and the badge of its own page, `text` what the extract is cut from. `parts` are texts of it that
    stand on other pages, each with its address: the hit is shown as the one with most of the words."""

    title: str
    address: str
    place: str = ""
    state: Badge = ("", None)
    text: str = ""
    day: datetime | None = None
    scope_id: UUID | None = None  # whose name is the place, where the feature does not know it
    parts: Sequence[tuple[str, str]] = ()


class SearchKindWeight(StrEnum):
    """Where a kind stands among hits that have the words equally well."""

    FIRST = "first"
    USUAL = "usual"
    DIGEST = "digest"  # tells what others tell: after them, unless its title has the words


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchSource(Contribution):
    """A kind of thing that is found. Its code is the table of `model`, which is the subject of the
    actions that change it (see `SearchReindexRule` for others). `read` gives the texts of rows that may
    be found, drafts and deleted ones left out. `find` gives the hits that the actor may read, by the
    feature's policy. `label` names several rows, `singular` names one where `called`, which is for
    rows with a `number` that people say, does not. `words` are other folded words for the kind.
    """

    model: type[Base]
    label: LazyString
    read: Callable[[Sequence[UUID]], Sequence[SearchText]]
    find: Callable[[Actor, Sequence[UUID]], Mapping[UUID, SearchHit]]
    called: Called | None = None
    singular: LazyString | None = None
    words: str = ""
    weight: SearchKindWeight = SearchKindWeight.USUAL

    @property
    def kind(self) -> str:
        return str(self.model.__tablename__)

    def name(self, count: int = 1) -> LazyString:
        """What so many rows are called."""
        singular = self.called[0] if self.called else self.singular
        return singular if singular is not None and count == 1 else self.label


@dataclass(frozen=True, eq=False)
class ApiAreasByKind(Contribution):
    """The areas of the API, by kind: each is that of the operations of the feature which brings it."""

    areas: Mapping[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchReindexRule(Contribution):
    """Actions about other rows that change texts of a source, or all about rows of `model`: `list_ids`
    gives the ids of its rows that the lines of such actions may have changed."""

    source: SearchSource
    actions: Collection[Action] = ()
    model: type[Base] | None = None
    list_ids: Callable[[Sequence[PendingAuditEvent]], Sequence[UUID]]

    def follows(self, line: AuditEvent | PendingAuditEvent) -> bool:
        is_about = self.model is not None and line.subject == self.model.__tablename__
        return is_about or line.action in self.codes

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(action.code for action in self.actions)


def join_texts(*parts: Any) -> str:
    """Texts of a row joined, empty ones left out."""
    return "\n".join(str(part) for part in parts if part)
