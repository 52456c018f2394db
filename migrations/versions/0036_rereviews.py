"""Triggers: facts that have decided ethics reviews looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

MOMENT = sa.DateTime(timezone=True)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "review_trigger",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("happened_by_id", sa.Uuid(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("no_impact", "partial", "full", name="answer", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("because", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_because", sa.String(length=1000), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (answered_by_id IS NULL)"
            " AND (answer IS NULL OR because <> '')",
            name=op.f("ck_review_trigger_answered_by_name_with_a_reason"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR (answer IS NOT NULL AND answer = 'no_impact'"
            " AND confirmed_by_id IS NOT NULL AND confirmed_by_id <> answered_by_id)",
            name=op.f("ck_review_trigger_confirmed_by_a_second_person"),
        ),
        _points("review_trigger", "answered_by_id", "person"),
        _points("review_trigger", "confirmed_by_id", "person"),
        _points("review_trigger", "happened_by_id", "person"),
        _points("review_trigger", "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_trigger")),
        sa.UniqueConstraint("project_id", "key", name=op.f("uq_review_trigger_project_id_key")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_review_trigger_project_id_number")
        ),
    )
    op.create_index("ix_review_trigger_answer", "review_trigger", ["answer", "confirmed_at"])
    op.create_table(
        "triggered_review",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _points("triggered_review", "project_id", "project"),
        _points("triggered_review", "review_id", "review"),
        _points("triggered_review", "trigger_id", "review_trigger"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggered_review")),
        sa.UniqueConstraint(
            "trigger_id", "review_id", name=op.f("uq_triggered_review_trigger_id_review_id")
        ),
    )
    for column in ("project_id", "review_id"):
        op.create_index(op.f(f"ix_triggered_review_{column}"), "triggered_review", [column])
    op.create_table(
        "trigger_cursor",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_cursor")),
    )


def downgrade() -> None:
    op.drop_table("trigger_cursor")
    op.drop_table("triggered_review")
    op.drop_table("review_trigger")
