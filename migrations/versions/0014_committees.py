"""Committees of a programme."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "committee",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hour", sa.String(5), nullable=False),
        sa.Column("duration", sa.Integer()),
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("closed_at", moment),
        sa.Column("closed_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("programme_id", "number"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_name"),
    )


def downgrade() -> None:
    op.drop_table("committee")
