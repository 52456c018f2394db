"""Exports of personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "data_export",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), unique=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("finished_at", moment),
        sa.Column("expires_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_data_export_person_id_id"), "data_export", ["person_id", "id"])
    op.create_index(op.f("ix_data_export_stage"), "data_export", ["stage"])


def downgrade() -> None:
    op.drop_table("data_export")
