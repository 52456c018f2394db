"""Tell of a file whether search finds it by its text, and why not: the worker reads those without again.

On PostgreSQL an entry of the index names the key of its programme, by which the latest are found."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.add_column("attachment", sa.Column("has_text", sa.Boolean()))
    op.add_column("attachment", sa.Column("unread_because", sa.String(32)))
    unread = sa.text("unread_because IS NOT NULL")
    op.create_index(
        "ix_attachment_unread", "attachment", ["id"], sqlite_where=unread, postgresql_where=unread
    )
    op.execute(
        "UPDATE attachment SET has_text = true WHERE EXISTS (SELECT 1 FROM attachment_text"
        " WHERE attachment_text.attachment_id = attachment.id AND attachment_text.body <> '')"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("search_words", sa.Column("key", sa.String(3)))
        op.execute("UPDATE search_words SET key = substring(CAST(words AS text) from '#([a-z]{3})k')")
        op.create_index("ix_search_words_latest", "search_words", ["key", sa.text("(-entry_id)")])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_search_words_latest", "search_words")
        op.drop_column("search_words", "key")
    op.drop_index("ix_attachment_unread", "attachment")
    op.drop_column("attachment", "unread_because")
    op.drop_column("attachment", "has_text")
