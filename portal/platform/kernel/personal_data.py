"""What features hold about people: declared once per table, by each feature's plug.

Exports, erasures and their test read these declarations. A person is referred to by their id
(`authors`, `participants`) or by their address (`addresses`); a row is exported whole to who wrote
it, and by its id, number and date alone to who only took part in it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import QueryableAttribute

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import Base
from portal.platform.kernel.text import LazyString

PERSON_TABLE = "person"
AUTHOR_COLUMNS = ("person_id", "author_id")
ERASED_DOMAIN = "erased.invalid"  # of the addresses of erased accounts (RFC 2606: never an address)


class ErasureEffect(StrEnum):
    """What an erasure does to the rows of a person: `SIGNED` ones stay, by a nameless account."""

    SIGNED = "signed"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class PersonalTable:
    """A table with rows of people. `secrets` are columns that are never exported; `left_out` says
    why no row is exported at all. By default the columns come from the foreign keys to people.

    `typed` maps a column to the one of whoever typed it, in a row that others wrote as well.
    `open_work` maps a column to the condition under which something waits for the person in it.
    `yields`: where two accounts of one person have a row that may exist once, the one of the account
    that goes is dropped; by default only rows that an erasure deletes.
    """

    model: type[Base]
    effect: ErasureEffect = ErasureEffect.SIGNED
    authors: Sequence[str] = ()
    addresses: Sequence[str] = ()
    secrets: Sequence[str] = ()
    left_out: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    open_work: Mapping[str, sa.ColumnElement[bool]] = field(default_factory=dict)
    yields: bool = False

    @property
    def table(self) -> sa.Table:
        return self.model.metadata.tables[self.model.__tablename__]

    @property
    def columns(self) -> Sequence[str]:
        """All columns that hold the id of a person."""
        table = self.table
        keys = [column.name for column in table.columns if refers_to_person(column)]
        return (*keys, *(name for name in self.authors if name not in keys))

    @property
    def writer_columns(self) -> Sequence[str]:
        """The columns of whoever wrote a row, who may have it whole."""
        return self.authors or [name for name in self.columns if name in AUTHOR_COLUMNS]


@dataclass(frozen=True)
class PersonalFile:
    """A file of a person; `open` returns its bytes, closed by the caller."""

    id: UUID
    name: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class PersonalChildTable:
    """Rows of a table whose author stands in the row that their `key` refers to, such as the scores
    of a juror. `columns`: those that this author typed, all by default."""

    key: QueryableAttribute[UUID]
    author: QueryableAttribute[Any]
    columns: Sequence[str] = ()

    @property
    def table(self) -> sa.Table:
        return Base.metadata.tables[self.key.class_.__tablename__]


@dataclass(frozen=True)
class PersonalDataset(Contribution):
    """What a feature holds of people: `topic` is its key in an export, `label` its title. `files`
    yields the files that a person provided."""

    topic: str
    label: LazyString
    tables: Sequence[PersonalTable]
    files: Callable[[UUID], Iterator[PersonalFile]] | None = None
    parts: Sequence[PersonalChildTable] = ()


@dataclass(frozen=True)
class SharedTextTable(Contribution):
    """A table of texts that several people write: an export holds what its person typed there, by the
    lines of the trail.

    `created_by`: the actions that create a row. The line of one that creates several stands on
    their project, and holds their numbers.
    """

    model: type[Base]
    created_by: Sequence[audit.Action]


def refers_to_person(column: sa.Column[object]) -> bool:
    """Whether a column is a foreign key to a person."""
    return any(key.column.table.name == PERSON_TABLE for key in column.foreign_keys)


def build_personal_tables_to_keep(*models: type[Base]) -> tuple[PersonalTable, ...]:
    """Tables of contributions, which stay without the name."""
    return tuple(PersonalTable(model=model) for model in models)


def build_personal_tables_to_delete(*models: type[Base]) -> tuple[PersonalTable, ...]:
    """Tables of which a person's rows go with them."""
    return tuple(PersonalTable(model=model, effect=ErasureEffect.DELETED) for model in models)


@dataclass(frozen=True)
class IdentityToErase:
    """What names a person, and is to be found nowhere once they are erased.

    `names` and `emails`: the present ones, then former ones. `alone`: words of the names that are
    sought alone, since they name nobody else and are no words of the language.
    """

    person_id: UUID
    names: Sequence[str]
    emails: Sequence[str]
    handle: str
    alone: frozenset[str] = frozenset()
    former: Sequence["IdentityToErase"] = ()  # of accounts that were joined into this one

    @property
    def person_ids(self) -> Sequence[UUID]:
        """The account's id, and those of the accounts that were joined into it."""
        return [self.person_id, *(other.person_id for other in self.former)]

    @property
    def handles(self) -> Sequence[str]:
        return [self.handle, *(other.handle for other in self.former)]


RowKey = tuple[Any, ...]  # the values of a row's primary key


@dataclass(frozen=True, kw_only=True)
class PersonalTextRedaction(Contribution):
    """How texts of a table are redacted, where the usual way does not suit.

    `is_copy`: it repeats what stands elsewhere, and is redacted without asking an administrator.
    `is_sealed`: an administrator decides without reading it. `redact` replaces the usual rewriting
    of the columns of a row.
    """

    model: type[Base]
    is_copy: bool = False
    is_sealed: bool = False
    redact: Callable[[RowKey], None] | None = None


@dataclass(frozen=True)
class ScopeNameSource(Contribution):
    """Names projects and programmes by the ids of their scopes, in the reader's language."""

    read: Callable[[Sequence[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True)
class TextPageSource(Contribution):
    """Where texts are read: the name of the kind of a table's rows, "" where it is unknown, and the
    addresses of the pages of those that the actor may open."""

    name: Callable[[str], str]
    find: Callable[[Actor, str, Sequence[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True)
class ErasureStep(Contribution):
    """What a feature does at the end of an erasure, in its transaction, with the ids of the rows
    whose texts were redacted; `after` runs once it is committed, for files."""

    finish: Callable[[IdentityToErase, Sequence[UUID]], None] | None = None
    after: Callable[[IdentityToErase], None] | None = None


@dataclass(frozen=True)
class JoinedAccounts:
    """An account that became another one; `row_ids` are the ids of the rows that changed hands and
    of what these belong to, in order."""

    former_id: UUID
    person_id: UUID
    row_ids: Sequence[UUID]


@dataclass(frozen=True)
class AccountJoinStep(Contribution):
    """What a feature does when two accounts became one, in that transaction."""

    finish: Callable[[JoinedAccounts], None]


@dataclass(frozen=True)
class AccountJoinEffect(Contribution):
    """What a join of two accounts, by the ids of the one that goes and the one that stays, would change
    besides the rows: a sentence each."""

    list_sentences: Callable[[UUID, UUID], Sequence[str]]
