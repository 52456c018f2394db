"""Terms of retention, what they removed, unused accounts; an index of the trail by actor."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "retention_term",
        sa.Column("scope_id", sa.Uuid(), sa.ForeignKey("scope.id"), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.UniqueConstraint("scope_id", "key"),
        sa.CheckConstraint("days BETWEEN 1 AND 3650", name=op.f("ck_retention_term_days")),
    )
    op.create_table(
        "retention_count",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("removed_on", sa.Date(), primary_key=True),
        sa.Column("rows", sa.Integer(), nullable=False),
    )
    op.create_table(
        "unused_account",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("first_key", sa.String(64), nullable=False),
        sa.Column("second_at", moment),
        sa.Column("second_key", sa.String(64)),
    )
    op.create_index("ix_audit_event_actor_id_id", "audit_event", ["actor_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_actor_id_id", "audit_event")
    op.drop_table("unused_account")
    op.drop_table("retention_count")
    op.drop_table("retention_term")
