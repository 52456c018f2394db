"""Decisions of a call that are written back to its source."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "call_replies",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), primary_key=True),
        sa.Column("instructor_id", sa.String(100), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "source_reply",
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id"), nullable=False, unique=True),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", moment),
        sa.Column("sent_at", moment),
        sa.Column("problem", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("approved_by_id <> proposed_by_id", name="approved_by_another"),
        sa.CheckConstraint("state = 'proposed' OR approved_by_id IS NOT NULL", name="approved_before_sent"),
    )
    op.create_index("ix_source_reply_state", "source_reply", ["state"])


def downgrade() -> None:
    op.drop_table("source_reply")
    op.drop_table("call_replies")
