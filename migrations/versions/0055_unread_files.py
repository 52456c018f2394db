"""Tell of a file whether search finds it by its text, and why not: the worker reads those without again."""

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


def downgrade() -> None:
    op.drop_index("ix_attachment_unread", "attachment")
    op.drop_column("attachment", "unread_because")
    op.drop_column("attachment", "has_text")
