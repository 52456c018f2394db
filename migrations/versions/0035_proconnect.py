"""Accounts at ProConnect, and what ends a session there."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "federated_identity",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("last_used_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_index(op.f("ix_federated_identity_person_id"), "federated_identity", ["person_id"])
    op.add_column(
        "open_session", sa.Column("federated_proof", sa.Boolean(), nullable=False, server_default="0")
    )
    op.add_column("open_session", sa.Column("closed_id_token", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("open_session", "closed_id_token")
    op.drop_column("open_session", "federated_proof")
    op.drop_table("federated_identity")
