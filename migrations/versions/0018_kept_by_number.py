"""SQLite: a row that is kept is not replaced by its hidden number either.

`INSERT OR REPLACE INTO audit_event (rowid, …)` deletes the row of that number, whose own key is
another, without asking the triggers on deletion.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

KEPT = ("audit_event", "audit_seal", "item_event", "snapshot", "snapshot_item")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_replaced_number BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_no_replaced_number")
