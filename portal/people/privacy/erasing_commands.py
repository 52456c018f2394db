"""The act of erasing a person, in one transaction; the worker and a restore call it.

What identifies goes: the account's name, address, handle and password, sessions, tokens, links,
preferences, exports, letters. Contributions stay, signed by the nameless account. The trail keeps
its lines, which hold ids, so that its chain stays whole.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.models import FORMER_MEMBER, Person
from portal.people.privacy import erasure_queries as queries
from portal.people.privacy.erasure_models import Erasure, RedactionTransactionPermit
from portal.people.privacy.identity_rules import NamePatterns, erased_address, erased_handle
from portal.people.privacy.mention_queries import TextNamingPerson, build_primary_key_conditions
from portal.people.privacy.models import DataExport
from portal.people.privacy.text_column_queries import FOLDED
from portal.people.programmes.role_commands import end_all_roles, withdraw_invitations_to
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, connection, db, flush_session
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    ErasureStep,
    IdentityToErase,
    PersonalDataset,
    PersonalTextRedaction,
    RowKey,
)
from portal.platform.kernel.text import fold
from portal.platform.kernel.wal_truncation import truncate_wal_after_commit
from portal.platform.storage.transaction import delete_on_commit

ERASED = audit.Action("person.erased")
STOPPED = audit.Action("erasure.stopped")
DONE_MAIL = "erasure-done"  # the last letter, which the outbox forgets once it left


Redaction = tuple[TextNamingPerson, NamePatterns]  # a text, and what is taken out of it


def erase_person(person: Person, identity: IdentityToErase, redactions: Sequence[Redaction]) -> None:
    """Erase a person and redact these texts, in the current transaction. The log of SQLite is
    truncated after it, since it still holds what was there before."""
    _enable_secure_deletion()
    truncate_wal_after_commit()
    end_all_roles(person)
    for address in identity.emails:
        withdraw_invitations_to(None, address)
    flush_session()
    connection().execute(sa.insert(RedactionTransactionPermit).values(person_id=person.id))
    row_ids = _redact_texts(redactions)
    connection().execute(sa.delete(RedactionTransactionPermit))
    _delete_person_rows(identity)
    for each in (person, *queries.list_former_accounts(identity)):
        _empty_account(each)
    for step in list_contributions(ErasureStep):
        if step.finish is not None:
            step.finish(identity, row_ids)
    audit.record(
        None, ERASED, person, scope_id=None, facts={"person_id": person.id, "texts": len(redactions)}
    )


def queue_erasure_letter(address: str, locale: str) -> None:
    """Tell a person who was erased, by the address that they had; the caller queues it in the
    transaction of the erasure. Accounts that nobody could write to get none."""
    if not address.endswith(".invalid"):
        outbox.queue_letter(DONE_MAIL, address=address, locale=locale, facts={outbox.FORGOTTEN: True})


def _enable_secure_deletion() -> None:
    """Have SQLite overwrite what it deletes, instead of leaving it in free pages."""
    if db.engine.dialect.name == "sqlite":
        connection().exec_driver_sql("PRAGMA secure_delete = ON")


def _delete_person_rows(identity: IdentityToErase) -> None:
    """Delete the rows that go with the person, those that refer to others first."""
    delete_export_files_on_commit(identity.person_id)
    declared = [each for dataset in list_contributions(PersonalDataset) for each in dataset.tables]
    by_table = {each.table.name: each for each in declared if each.effect is ErasureEffect.DELETED}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in by_table:
            connection().execute(
                sa.delete(table).where(queries.build_person_rows_condition(by_table[table.name], identity))
            )
    db.session.expire_all()


def delete_export_files_on_commit(person_id: UUID) -> None:
    """Delete the bytes of a person's exports at the commit; the caller deletes the rows."""
    keys = sa.select(DataExport.key).where(DataExport.person_id == person_id, DataExport.key.is_not(None))
    for key in db.session.scalars(keys).all():
        if key is not None:
            delete_on_commit(key)


def _empty_account(person: Person) -> None:
    person.email, person.handle = erased_address(person.id), erased_handle(person.id)
    person.name, person.password_hash = FORMER_MEMBER, None
    person.locale, person.time_zone = "fr", DEFAULT_ZONE
    person.disabled_at = person.disabled_at or clock.now()
    requests = sa.update(Erasure).where(Erasure.person_id == person.id)  # those withdrawn before, too
    db.session.execute(requests.values(words_alone=[]))


def _redact_texts(redactions: Iterable[Redaction]) -> list[UUID]:
    """Rewrite the texts; returns the ids of their rows, and of what these belong to."""
    own_ways = {
        each.model.__tablename__: each.redact
        for each in list_contributions(PersonalTextRedaction)
        if each.redact
    }
    row_ids: list[UUID] = []
    for mention, patterns in redactions:
        row_ids += _read_own_and_parent_ids(mention.table, mention.key)
        redact = own_ways.get(mention.table.name)
        if redact is not None:
            redact(mention.key)
        else:
            _redact_text_in_row(mention.table, mention.column, mention.key, patterns)
    return sorted(set(row_ids))


def _read_own_and_parent_ids(table: sa.Table, key: RowKey) -> list[UUID]:
    """The ids in a row: its own, and those of what it belongs to."""
    columns = [column for column in table.columns if isinstance(column.type, sa.Uuid)]
    row = (
        connection().execute(sa.select(*columns).where(*build_primary_key_conditions(table, key))).first()
        if columns
        else None
    )
    return [id_ for id_ in row or () if id_ is not None]


def _redact_text_in_row(table: sa.Table, column: sa.Column[Any], key: RowKey, patterns: NamePatterns) -> None:
    """Write a column anew from its value as it is now, with its copy for sorting and its version."""
    row = build_primary_key_conditions(table, key)
    value = patterns.redact(connection().scalar(sa.select(column).where(*row)))
    limit = getattr(column.type, "length", None)
    if isinstance(value, str) and limit:
        value = value[:limit]
    values: dict[str, Any] = {column.name: value}
    if f"{column.name}{FOLDED}" in table.columns:
        values[f"{column.name}{FOLDED}"] = fold(value)
    if "version" in table.columns and isinstance(table.c.version.type, sa.Integer):
        values["version"] = table.c.version + 1
    connection().execute(sa.update(table).where(*row).values(values))
