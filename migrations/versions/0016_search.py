"""The search index: its entries, and their words as each engine searches them."""

import sqlite3

import sqlalchemy as sa
from alembic import op

from migrations import columns as c

revision = "0016"
down_revision = "0015"


def tables() -> c.Tables:
    return {
        "search_entry": [
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
            *c.strings(kind=64),
            *c.uuids("subject_id"),
            *c.references(scope_id="scope", index=True),
            *c.uuids("author_id?"),
            *c.moments("changed_at"),
            c.unique("subject_id", "kind"),
        ]
    }


def upgrade() -> None:
    c.make_tables(tables())
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_words (entry_id bigint PRIMARY KEY REFERENCES search_entry (id)"
            " ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_words_words ON search_words USING gin (words)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "audience, facets, title, body, stems, tokenize = 'unicode61 remove_diacritics 0',"
            " columnsize = 0, prefix = '5 6')"  # two and three letters after the key of a programme
        )
        if sqlite3.sqlite_version_info >= (3, 42):  # removed words leave nothing behind
            op.execute("INSERT INTO search_words(search_words, rank) VALUES ('secure-delete', 1)")


def downgrade() -> None:
    op.execute("DROP TABLE search_words")
    c.drop_tables(tables())
