"""Recommendations and decisions refer to gates that programmes added, up to G23.

SQLite makes a table anew to change its constraint: what refers to its rows is put aside meanwhile.
"""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _bound_gates(23)


def downgrade() -> None:
    for table in ("recommendation", "awaited_decision"):
        op.execute(f"UPDATE {table} SET gate = NULL WHERE gate > 11")
    _bound_gates(11)


def _bound_gates(highest: int) -> None:
    _bound("awaited_decision", highest)
    op.execute(
        "CREATE TEMPORARY TABLE put_aside AS SELECT id, recommendation_id FROM coaching_decision"
        " WHERE recommendation_id IS NOT NULL"
    )
    op.execute("UPDATE coaching_decision SET recommendation_id = NULL")
    _bound("recommendation", highest)
    op.execute(
        "UPDATE coaching_decision SET recommendation_id = (SELECT recommendation_id FROM put_aside"
        " WHERE put_aside.id = coaching_decision.id)"
    )
    op.execute("DROP TABLE put_aside")


def _bound(table: str, highest: int) -> None:
    name = op.f(f"ck_{table}_gate")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
    with op.batch_alter_table(table) as batch:
        batch.create_check_constraint(name, f"gate BETWEEN 0 AND {highest}")
