"""Editions of questionnaires are kept as they were when people began to answer them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "questionnaire_edition",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questionnaire_edition"),
        sa.UniqueConstraint("key", "edition", name="uq_questionnaire_edition_key_edition"),
    )


def downgrade() -> None:
    op.drop_table("questionnaire_edition")
