"""Erasures of people, and the texts that name them."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    is_open = sa.text("stage IN ('asked', 'listed', 'approved')")
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("trail_lines", sa.Integer(), nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("approved_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("ended_at", moment),
        sa.Column("journaled_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"])
    op.create_index(op.f("ix_erasure_stage"), "erasure", ["stage"])
    op.create_index(
        "uq_erasure_open",
        "erasure",
        ["person_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "erasure_mention",
        sa.Column("erasure_id", sa.Uuid(), sa.ForeignKey("erasure.id"), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("column_name", sa.String(64), nullable=False),
        sa.Column("row_key", sa.String(200), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(32)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("decided_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("erasure_id", "table_name", "column_name", "row_key"),
    )


def downgrade() -> None:
    op.drop_table("erasure_mention")
    op.drop_table("erasure")
