"""Archives of programmes."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "programme_archive",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), unique=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("anchor", sa.String(90), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("finished_at", moment),
        sa.Column("expires_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_programme_archive_programme_id_id"), "programme_archive", ["programme_id", "id"])
    op.create_index(op.f("ix_programme_archive_stage"), "programme_archive", ["stage"])


def downgrade() -> None:
    op.drop_table("programme_archive")
