"""Recommendations and decisions refer to gates that programmes added, up to G23."""

from alembic import op

revision = "0016"
down_revision = "0015"

TABLES = ("recommendation", "awaited_decision")


def upgrade() -> None:
    _bound_gates(23)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"UPDATE {table} SET gate = NULL WHERE gate > 11")
    _bound_gates(11)


def _bound_gates(highest: int) -> None:
    for table in TABLES:
        name = op.f(f"ck_{table}_gate")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(name, f"gate BETWEEN 0 AND {highest}")
