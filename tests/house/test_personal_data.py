"""Every table that refers to people is declared to exports and erasures, once."""

from collections import Counter

import sqlalchemy as sa

from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base
from portal.platform.kernel.personal_data import ErasureEffect, PersonalDataset, refers_to_person

# Columns of people's ids without a foreign key, and of addresses, by their names.
ID_NAMES = {"person_id", "actor_id", "author_id", "user_id"}
ADDRESS_NAMES = {"email", "address"}
# Tables that are not declared, and why.
EXEMPT = {
    "person": "the account itself, exported as account.json",
    "redaction_permit": "empty outside of one transaction of the worker",
    "audit_event": "append-only: exported as acts.json, and keeps ids alone",
}
# Columns that are not, and why.
EXEMPT_COLUMNS = {
    "account_join.email": "an earlier address of theirs, in a row that goes with its person",
    "notification.actor_id": "of somebody else, in a row that goes with its reader",
    "address_change.email": "not yet an address of theirs, in a row that goes with its person",
    "federated_identity.email": "of their account at ProConnect, in a row that goes with its person",
}


def is_personal(column: sa.Column[object]) -> bool:
    return refers_to_person(column) or column.name in ID_NAMES | ADDRESS_NAMES


def undeclared(metadata: sa.MetaData) -> set[str]:
    """Return “table.column” of whatever refers to people and is neither declared nor exempt."""
    tables = [table for data in list_contributions(PersonalDataset) for table in data.tables]
    declared = {(each.table.name, name) for each in tables for name in (*each.columns, *each.addresses)}
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if is_personal(column) and table.name not in EXEMPT and (table.name, column.name) not in declared
    } - EXEMPT_COLUMNS.keys()


def test_every_reference_to_a_person_is_declared(app):
    assert undeclared(Base.metadata) == set()


def test_a_table_that_no_feature_declares_is_noticed(app):
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Uuid(), primary_key=True))
    sa.Table(
        "badge", metadata, sa.Column("holder_id", sa.ForeignKey("person.id")), sa.Column("email", sa.Text)
    )
    assert undeclared(metadata) == {"badge.holder_id", "badge.email"}


def test_a_table_and_a_topic_are_declared_once_and_a_table_left_out_says_why(app):
    topics = list_contributions(PersonalDataset)
    tables = [table for data in topics for table in data.tables]
    assert max(Counter(data.topic for data in topics).values()) == 1
    assert max(Counter(table.table.name for table in tables).values()) == 1
    assert all(len(table.left_out) > 20 for table in tables if table.left_out)
    for table in tables:
        names = table.table.columns.keys()
        assert {*table.authors, *table.addresses, *table.secrets} <= set(names), table.table.name


def test_no_secret_is_exported(app):
    """What authenticates (hashes of tokens, sealed tokens, keys of bytes) is named in `secrets`."""
    words = ("token", "secret", "password", "key_hash")
    shown = {
        f"{each.table.name}.{column.name}"
        for data in list_contributions(PersonalDataset)
        for each in data.tables
        for column in each.table.columns
        if any(word in column.name for word in words)
        and column.name not in each.secrets
        and each.writer_columns
    }
    assert shown == set()


def test_sessions_tokens_preferences_and_marks_go_with_a_person(app):
    tables = [table for data in list_contributions(PersonalDataset) for table in data.tables]
    gone = {each.table.name for each in tables if each.effect is ErasureEffect.DELETED}
    assert gone >= {"open_session", "password_reset", "api_token", "calendar_link", "notification_preference"}
    assert gone.isdisjoint({"comment", "attachment", "recommendation", "gate_decision"})
