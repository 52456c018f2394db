"""Steps of access, definitions of metrics and changes of course are kept as they were noted.

What a gate will read as evidence is not rewritten: neither by our code nor past it.
"""

from alembic import op

revision = "0038"
down_revision = "0037"

# Each with what else may not stand twice: a row that is replaced is a row that is changed.
KEPT = {
    "access_step": ("source_id", "position"),
    "metric_definition": ("metric_id", "edition"),
    "pivot": ("project_id", "number"),
}


def upgrade() -> None:
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table, place in KEPT.items():
        guard(table, place)


def _guard_sqlite(table: str, place: tuple[str, str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for deed in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {refuse}")
    same = " AND ".join(f"{column} = NEW.{column}" for column in place)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM {table} WHERE id = NEW.id OR rowid = NEW.rowid OR ({same})) {refuse}"
    )


def _guard_postgresql(table: str, _place: tuple[str, str]) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    execute = f"EXECUTE FUNCTION {table}_refuse()"
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW {execute}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT {execute}"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    names = ("no_update", "no_delete", "no_replace") if is_sqlite else ("no_change", "no_truncate")
    for table in KEPT:
        for name in names:
            op.execute(f"DROP TRIGGER {table}_{name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {table}_refuse()")
