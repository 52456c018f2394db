"""The rows that the portal holds of a person, as plain data, by what features declare.

A row is given whole to whoever wrote it. Of a row in which a person only took part, written by
others, they get its id, number and dates, and in which columns they stand.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.join_queries import list_all_ids_of_person
from portal.people.accounts.models import Person
from portal.people.privacy import erasure_queries
from portal.people.privacy.text_place_queries import read_scope_names
from portal.people.privacy.typed_text_queries import read_typed_texts
from portal.platform.kernel.audit import AuditEvent, is_text_reference
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import PersonalChildTable, PersonalTable, refers_to_person

BATCH = 500
ALWAYS_GIVEN = frozenset({"id", "number", "created_at", "project_id", "scope_id", "programme_id"})
ACCOUNT_SECRETS = frozenset({"password_hash", "version", "name_fold"})
# What a thing is called by, where it has it; PLACES are named as pages do.
CALLED_BY = ("number", "name_fr", "slug")
PLACES = frozenset({"scope", "programme", "project"})
PlainRow = dict[str, Any]


def read_account_row(person: Person) -> PlainRow:
    """The account itself, without the hash of its password; and the names and addresses it had before."""
    table = Base.metadata.tables[Person.__tablename__]
    row = db.session.execute(sa.select(table).where(table.c.id == person.id)).mappings().one()
    account = {name: to_json_value(value) for name, value in row.items() if name not in ACCOUNT_SECRETS}
    identity = erasure_queries.build_identity(person)
    return account | {
        "former_names": [name for name in dict.fromkeys(identity.names) if name != person.name],
        "former_emails": [email for email in identity.emails if email != person.email],
    }


def iterate_person_rows(personal: PersonalTable, person: Person) -> Iterator[PlainRow]:
    """The person's rows of a table, in the order of its primary key."""
    if personal.left_out:
        return
    table = personal.table
    columns = [column for column in table.columns if not isinstance(column.type, sa.LargeBinary)]
    emails = erasure_queries.build_identity(person).emails if personal.addresses else ()
    owned = sa.or_(*_conditions_of_person(personal, person, emails))
    statement = sa.select(*columns).where(owned).order_by(*table.primary_key.columns)
    for row in db.session.execute(statement.execution_options(yield_per=BATCH)).mappings():
        yield _keep_allowed_columns(personal, person, dict(row), emails)


def _conditions_of_person(
    personal: PersonalTable, person: Person, emails: Sequence[str]
) -> list[sa.ColumnElement[bool]]:
    table = personal.table
    by_id = [table.c[name] == person.id for name in personal.columns]
    return by_id + [sa.func.lower(table.c[name]).in_(emails) for name in personal.addresses]


def _keep_allowed_columns(
    personal: PersonalTable, person: Person, row: PlainRow, emails: Sequence[str]
) -> PlainRow:
    stands_in = [name for name in personal.columns if row[name] == person.id]
    is_addressed = any(str(row[name]).lower() in emails for name in personal.addresses)
    is_own = is_addressed or any(row[name] == person.id for name in personal.writer_columns)
    typed = {name for name, author in personal.typed.items() if row[author] == person.id}
    allowed = row.keys() - set(personal.secrets) if is_own else ALWAYS_GIVEN | typed | set(stands_in)
    return {name: to_json_value(value) for name, value in row.items() if name in allowed}


def iterate_rows_by_parent_author(part: PersonalChildTable, person: Person) -> Iterator[PlainRow]:
    """The rows whose author stands in the row that they belong to, in the order of their primary key."""
    table = part.table
    columns = [table.c[name] for name in ("id", *part.columns)] if part.columns else list(table.columns)
    parent = Base.metadata.tables[part.author.class_.__tablename__]
    statement = sa.select(*columns).join(parent, parent.c.id == part.key).where(part.author == person.id)
    for row in db.session.execute(statement.order_by(*table.primary_key.columns)).mappings():
        yield {name: to_json_value(value) for name, value in row.items()}


def list_reference_columns(table: sa.Table) -> Sequence[tuple[str, sa.Table]]:
    """The columns of a table that refer to another one by its id, people's left out."""
    return [
        (column.name, key.column.table)
        for column in table.columns
        for key in column.foreign_keys
        if isinstance(column.type, sa.Uuid) and key.column.primary_key and not refers_to_person(column)
    ]


def read_reference_names(references: Mapping[sa.Table, Collection[UUID]]) -> dict[str, PlainRow]:
    """What ids stand for: the kind of thing, and what it is called by, never a text on it."""
    names: dict[str, PlainRow] = {}
    for table, ids in references.items():
        called_by = [table.c[name] for name in CALLED_BY if name in table.c]
        (key,) = table.primary_key.columns
        ordered = sorted(ids)
        for begin in range(0, len(ordered), BATCH):
            statement = sa.select(key, *called_by).where(key.in_(ordered[begin : begin + BATCH]))
            for row in db.session.execute(statement).mappings():
                called = {name: value for name, value in row.items() if name != key.name and value}
                names[str(row[key.name])] = {"kind": table.name} | called
    places = read_scope_names([UUID(id_) for id_, name in names.items() if name["kind"] in PLACES])
    return {
        id_: name | ({"name": places[UUID(id_)]} if UUID(id_) in places else {})
        for id_, name in names.items()
    }


def iterate_trail_acts(person: Person) -> Iterator[PlainRow]:
    """What the audit trail says that the person did: what, on which object, when, and the texts that
    they typed then, from the trail or from the row (`typed_text_queries`)."""
    is_own = AuditEvent.actor_id.in_(list_all_ids_of_person(person.id))
    statement = sa.select(AuditEvent).where(is_own).order_by(AuditEvent.id)
    names = ("created_at", "action", "subject", "subject_id")
    for events in db.session.scalars(statement.execution_options(yield_per=BATCH)).partitions():
        typed = read_typed_texts(events)
        for event in events:
            stored, after = event.stored_after, event.after
            texts = {name: after[name] for name in stored if is_text_reference(stored[name]) and after[name]}
            texts |= typed.get(event.id, {})
            act = {name: to_json_value(getattr(event, name)) for name in names}
            yield act | ({"texts": texts} if texts else {})


def to_json_value(value: Any) -> Any:
    """A value of a column as JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
