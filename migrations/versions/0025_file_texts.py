"""The text of attached files, which the worker reads for search."""

from migrations import columns as c

revision = "0025"
down_revision = "0024"


def tables() -> c.Tables:
    return {
        "attachment_text": [
            *c.references(attachment_id="attachment", primary_key=True, ondelete="CASCADE"),
            *c.texts("body"),
            *c.moments("read_at"),
        ]
    }


def upgrade() -> None:
    c.make_tables(tables())


def downgrade() -> None:
    c.drop_tables(tables())
