"""Reports to funders as PDF, printed by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "funding_report",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("as_of_at", moment, nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("pdf", sa.LargeBinary()),
        sa.Column("printed_at", moment),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_funding_report_programme_id_id", "funding_report", ["programme_id", "id"])


def downgrade() -> None:
    op.drop_table("funding_report")
