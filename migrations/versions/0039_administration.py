"""State of the installation, reports of the worker, verifications of the trail; an index of it by action."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "installation_state",
        sa.Column("id", sa.Uuid(), sa.ForeignKey("scope.id"), primary_key=True),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("banner_fr", sa.String(300), nullable=False),
        sa.Column("banner_en", sa.String(300), nullable=False),
        sa.Column("maintenance_since", moment),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "worker_report",
        sa.Column("host", sa.String(80), nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("jobs", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "trail_verification",
        sa.Column("requested_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("seals", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("anchor", sa.String(90), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("finished_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_audit_event_action_id", "audit_event", ["action", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_action_id", "audit_event")
    op.drop_table("trail_verification")
    op.drop_table("worker_report")
    op.drop_table("installation_state")
