"""Typed texts to which lines of the trail refer, from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "trail_text",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_trail_text_event_id"), "trail_text", ["event_id"])


def downgrade() -> None:
    op.drop_table("trail_text")
