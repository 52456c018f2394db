"""What an erasure needs: the words it looks for, and append-only texts that it may rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0047"

# Append-only tables with words of people. The trail and the money stay as they are.
REWRITTEN = (
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
    "snapshot_item",
)
EMPTYING, REWRITING = " EXISTS (SELECT 1 FROM emptying_permit)", " EXISTS (SELECT 1 FROM redaction_permit)"


def upgrade() -> None:
    op.add_column("erasure", sa.Column("words_alone", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "redaction_permit",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
    )
    for table in REWRITTEN:
        _refuse_changes(table, unless=REWRITING)


def downgrade() -> None:
    for table in REWRITTEN:
        _refuse_changes(table)
    op.drop_table("redaction_permit")
    op.drop_column("erasure", "words_alone")


def _refuse_changes(table: str, unless: str = "") -> None:
    """Have the database refuse to change rows, but in a transaction that holds a permit: it is
    deleted before the commit, so no other one ever sees it."""
    refusal = f"'{table} is append-only'"
    if op.get_bind().dialect.name == "postgresql":
        rewritten = f" IF TG_OP = 'UPDATE' AND{unless} THEN RETURN NEW; END IF;" if unless else ""
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF TG_OP = 'DELETE' AND{EMPTYING} THEN RETURN OLD; END IF;{rewritten}"
            f" RAISE EXCEPTION {refusal}; END $$"
        )
        return
    condition = f" WHEN NOT{unless}" if unless else ""
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, {refusal}); END"
    )
