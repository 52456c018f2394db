"""What an erasure needs: the words it looks for, and append-only texts that it may rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

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
PERMIT = "EXISTS (SELECT 1 FROM redaction_permit)"
RETURNS = f" IF TG_OP = 'UPDATE' THEN IF {PERMIT} THEN RETURN NEW; END IF; END IF;"
UNLESS = f" WHEN NOT {PERMIT}"


def upgrade() -> None:
    op.add_column("erasure", sa.Column("words_alone", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "redaction_permit",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
    )
    for table in REWRITTEN:
        _change_refusal(table, is_allowed=True)


def downgrade() -> None:
    for table in REWRITTEN:
        _change_refusal(table, is_allowed=False)
    op.drop_table("redaction_permit")
    op.drop_column("erasure", "words_alone")


def _change_refusal(table: str, *, is_allowed: bool) -> None:
    """Have the database refuse to change rows, but in a transaction that holds a permit: it is
    deleted before the commit, so no other one ever sees it. Other exceptions stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        source = "SELECT prosrc FROM pg_proc WHERE proname = :name AND pronamespace = current_schema()::regnamespace"
        code: str = op.get_bind().execute(sa.text(source), {"name": f"{table}_refuse"}).scalar_one()
        body = code.replace(RETURNS, "").strip().removeprefix("BEGIN")
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN{RETURNS if is_allowed else ''}{body} $$"
        )
        return
    source = "SELECT sql FROM sqlite_master WHERE name = :name"
    trigger: str = op.get_bind().execute(sa.text(source), {"name": f"{table}_no_update"}).scalar_one()
    head, _begin, rest = trigger.partition(" BEGIN ")
    before, _when, others = head.replace(f"{UNLESS} AND", " WHEN").replace(UNLESS, "").partition(" WHEN ")
    conditions = " AND ".join(([f"NOT {PERMIT}"] if is_allowed else []) + ([others] if others else []))
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        sa.text(f"{before}{f' WHEN {conditions}' if conditions else ''} BEGIN {rest}".replace(":", "\\:"))
    )
