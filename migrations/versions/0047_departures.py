"""Programmes whose content leaves; rows of theirs that were append-only may go with them."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

# Append-only tables that hold the content of programmes. The trail and the money stay as they are.
EMPTIED = (
    "access_step",
    "declared_weather",
    "gate_decision",
    "gate_evaluation",
    "gate_terms",
    "health_override",
    "health_reading",
    "health_terms",
    "item_event",
    "metric_definition",
    "pivot",
    "review_decision",
    "signal_charge",
    "snapshot",
    "snapshot_item",
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("programme", sa.Column("left_at", moment))
    op.create_table(
        "programme_departure",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), primary_key=True),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("first_at", moment),
        sa.Column("second_at", moment),
        sa.Column("due_at", moment),
        sa.Column("archive_id", sa.Uuid(), sa.ForeignKey("programme_archive.id")),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("emptied_at", moment),
    )
    op.create_table(
        "former_role",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("role", sa.String(32), primary_key=True),
    )
    op.create_index(op.f("ix_former_role_person_id"), "former_role", ["person_id"])
    op.create_table(
        "emptying_permit",
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), primary_key=True),
    )
    for table in EMPTIED:
        _refuse_deletion(table, unless=" EXISTS (SELECT 1 FROM emptying_permit)")


def downgrade() -> None:
    for table in EMPTIED:
        _refuse_deletion(table)
    op.drop_table("emptying_permit")
    op.drop_table("former_role")
    op.drop_table("programme_departure")
    op.drop_column("programme", "left_at")


def _refuse_deletion(table: str, unless: str = "") -> None:
    """Have the database refuse to delete rows, but in a transaction that holds a permit: it is
    deleted before the commit, so no other one ever sees it."""
    refusal = f"'{table} is append-only'"
    if op.get_bind().dialect.name == "postgresql":
        allowed = f" IF TG_OP = 'DELETE' AND{unless} THEN RETURN OLD; END IF;" if unless else ""
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN{allowed} RAISE EXCEPTION {refusal}; END $$"
        )
        return
    condition = f" WHEN NOT{unless}" if unless else ""
    op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, {refusal}); END"
    )
