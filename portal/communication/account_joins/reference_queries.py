"""Where the database refers to a person, from the metadata: what a join of accounts rewrites.

A new feature's tables are in it without being named. What becomes of a row follows from how its
feature declares it to erasures (`PersonalTable`):

- rows that open the account (a table with secrets that an erasure deletes, and what hangs on it) end;
- a row that may exist once per person yields to the one of the account that stays, where the table
  says so; elsewhere it forbids the join, which would destroy content;
- every other column that holds the person's id is rewritten.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    refers_to_person,
)

Condition = sa.ColumnElement[bool]
_TWO_PERSONS = re.compile(r"(\w+) <> (\w+)")


@dataclass(frozen=True)
class AccountPair:
    """The ids of two accounts of one person."""

    goes: UUID
    stays: UUID


@dataclass(frozen=True)
class TableWithPersonColumns:
    """A table that refers to people, by which columns, and as what its feature declares it."""

    table: sa.Table
    columns: Sequence[str]
    personal: PersonalTable | None
    dataset: PersonalDataset | None

    @property
    def is_deleted_with_person(self) -> bool:
        return self.personal is not None and self.personal.effect is ErasureEffect.DELETED

    @property
    def opens_account(self) -> bool:
        return self.is_deleted_with_person and self.personal is not None and bool(self.personal.secrets)

    @property
    def yields(self) -> bool:
        return self.is_deleted_with_person or (self.personal is not None and self.personal.yields)

    def person_condition(self, person_id: UUID) -> Condition:
        return sa.or_(*(self.table.c[name] == person_id for name in self.columns))

    @cached_property
    def distinct_signer_columns(self) -> Sequence[tuple[str, str]]:
        """Pairs of columns that may not hold one person: the later signature, and the earlier one."""
        texts = (str(each.sqltext) for each in self.table.constraints if isinstance(each, sa.CheckConstraint))
        pairs = (match.groups() for text in texts if (match := _TWO_PERSONS.fullmatch(text)))
        return sorted((later, earlier) for later, earlier in pairs if {later, earlier} <= {*self.columns})

    def list_collision_conditions(self, pair: AccountPair) -> Sequence[Condition]:
        """Conditions on rows of the account that goes of which the other one has the like, one for
        each key that may exist once."""
        return [
            _collision_condition(self.table, name, [other for other in key if other != name], where, pair)
            for key, where in _unique_keys(self.table)
            for name in key
            if name in self.columns
        ]

    def move_condition(self, name: str, pair: AccountPair) -> Condition:
        """The condition on rows whose column is rewritten: all but those that both signed where two
        persons must, which stay as they are."""
        column = self.table.c[name]
        others = [
            self.table.c[_other_column(guard, name)]
            for guard in self.distinct_signer_columns
            if name in guard
        ]
        return sa.and_(column == pair.goes, *(other.is_distinct_from(pair.stays) for other in others))

    def signed_by_both_condition(self, pair: AccountPair) -> Condition:
        """The condition on rows in which each account stands in another column."""
        columns = [self.table.c[name] for name in self.columns]
        either = [column == pair.goes for column in columns], [column == pair.stays for column in columns]
        return sa.and_(*(sa.or_(*each) for each in either)) if len(columns) > 1 else sa.false()

    def awaits_third_signature_condition(self, pair: AccountPair) -> Condition:
        """The condition on rows that would keep the account that goes, while a third signature must
        still be that of somebody else."""
        table = self.table
        waiting = [
            sa.and_(
                table.c[earlier] == pair.goes,
                sa.or_(*(table.c[_other_column(guard, earlier)] == pair.stays for guard in kept_by)),
                table.c[later].is_(None),
            )
            for later, earlier in self.distinct_signer_columns
            if (
                kept_by := [
                    guard for guard in self.distinct_signer_columns if earlier in guard and later not in guard
                ]
            )
        ]
        return sa.or_(sa.false(), *waiting)


def _other_column(guard: tuple[str, str], name: str) -> str:
    return guard[0] if guard[1] == name else guard[1]


def list_tables_with_people() -> Sequence[TableWithPersonColumns]:
    """Every table with columns that hold ids of people: foreign keys, and those that are declared."""
    declared = {
        each.table.name: (each, data) for data in list_contributions(PersonalDataset) for each in data.tables
    }
    references = []
    for table in Base.metadata.sorted_tables:
        personal, dataset = declared.get(table.name, (None, None))
        keys = [column.name for column in table.columns if refers_to_person(column)]
        columns = personal.columns if personal else keys
        if columns:
            references.append(TableWithPersonColumns(table, columns, personal, dataset))
    return references


def list_tables_ending_with_account(
    references: Collection[TableWithPersonColumns],
) -> Sequence[TableWithPersonColumns]:
    """The tables whose rows end with the account: those that open it, and those that hang on them;
    the last to be deleted first."""
    ending = {each.table.name for each in references if each.opens_account}
    return [each for each in reversed([*references]) if _ends_with_account(each, ending)]


def _ends_with_account(reference: TableWithPersonColumns, ending: Collection[str]) -> bool:
    parents = {key.column.table.name for key in reference.table.foreign_keys}
    return reference.table.name in ending or (
        reference.is_deleted_with_person and not parents.isdisjoint(ending)
    )


def _unique_keys(table: sa.Table) -> Iterator[tuple[Sequence[str], str | None]]:
    """Each set of columns that is unique, and the condition of a partial index as SQL."""
    yield [column.name for column in table.primary_key.columns], None
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield [column.name for column in constraint.columns], None
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"]["where"]
            yield [column.name for column in index.columns], None if where is None else str(where)


def _collision_condition(
    table: sa.Table, name: str, others: Sequence[str], where: str | None, pair: AccountPair
) -> Condition:
    condition = [sa.text(where)] if where else []
    own = sa.and_(table.c[name] == pair.goes, *condition)
    columns = [table.c[other] for other in others]
    like = sa.select(*(columns or [table.c[name]])).where(table.c[name] == pair.stays, *condition)
    like = like.correlate(None)
    return sa.and_(own, sa.tuple_(*columns).in_(like) if columns else like.exists())


def build_count_statement(conditions: Mapping[str, tuple[sa.Table, Condition]]) -> sa.Select[Any]:
    """One statement that counts the rows of tables under conditions, each under its key."""
    counts = [
        sa.select(sa.func.count()).select_from(table).where(condition).scalar_subquery().label(key)
        for key, (table, condition) in conditions.items()
    ]
    return sa.select(*counts)
