"""Two accounts of one person become one: append-only rows may follow, and nothing else of them.

A row of `account_join_permit` lets its transaction replace one person's id by another's in the
columns of append-only tables that refer to people. It is deleted before the commit.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

# Append-only tables, and their columns that refer to people.
SIGNED = {
    "agreement_amendment": ("author_id",),
    "change_decision": ("decided_by_id",),
    "declared_weather": ("declared_by_id",),
    "gate_decision": ("decided_by_id",),
    "gate_terms": ("changed_by_id",),
    "health_override": ("said_by_id",),
    "health_terms": ("changed_by_id",),
    "instalment_step": ("person_id",),
    "instalment_edition": ("author_id",),
    "item_event": ("actor_id", "assignee_id"),
    "ledger_entry": ("author_id",),
    "review_decision": ("signed_by_id",),
    "signal_charge": ("taken_by_id",),
}
PERMIT = "SELECT 1 FROM account_join_permit p WHERE "


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "account_join",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("handle", sa.String(60), nullable=False),
        sa.Column("moved_identities", sa.Boolean(), nullable=False),
        sa.Column("journaled_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_account_join_person_id"), "account_join", ["person_id"])
    op.create_table(
        "account_join_permit",
        sa.Column("from_id", sa.Uuid(), primary_key=True),
        sa.Column("to_id", sa.Uuid(), nullable=False),
    )
    for table, columns in SIGNED.items():
        _allow(table, columns)


def downgrade() -> None:
    for table in SIGNED:
        _forbid(table)
    op.drop_table("account_join_permit")
    op.drop_table("account_join")


def _allow(table: str, columns: tuple[str, ...]) -> None:
    """Refuse every change but that of these columns from one account of a permit to the other."""
    if op.get_bind().dialect.name == "postgresql":
        rest = f"'{{{','.join(columns)}}}'::text[]"
        same = [f"to_jsonb(NEW) - {rest} = to_jsonb(OLD) - {rest}"]
        same += [
            f"(NEW.{name} IS NOT DISTINCT FROM OLD.{name} OR OLD.{name} = p.from_id AND NEW.{name} = p.to_id)"
            for name in columns
        ]
        exception = f" IF TG_OP = 'UPDATE' THEN IF EXISTS ({PERMIT}{' AND '.join(same)}) THEN RETURN NEW; END IF; END IF;"
        _write_function(table, exception + _body_of(table))
        return
    fixed = [
        each["name"] for each in sa.inspect(op.get_bind()).get_columns(table) if each["name"] not in columns
    ]
    same = [f"NEW.{name} IS OLD.{name}" for name in fixed]
    same += [
        f"(NEW.{name} IS OLD.{name} OR (OLD.{name} = p.from_id AND NEW.{name} = p.to_id))" for name in columns
    ]
    _write_trigger(table, f" WHEN NOT EXISTS ({PERMIT}{' AND '.join(same)})")


def _forbid(table: str) -> None:
    """Refuse every change again."""
    if op.get_bind().dialect.name == "postgresql":
        body = _body_of(table)
        _write_function(table, body[body.index("END IF; END IF;") + len("END IF; END IF;") :])
    else:
        _write_trigger(table)


def _body_of(table: str) -> str:
    """What the function of a table does now, between BEGIN and the last END."""
    source = sa.text(
        "SELECT prosrc FROM pg_proc WHERE proname = :name AND pronamespace = current_schema()::regnamespace"
    )
    code: str = op.get_bind().execute(source, {"name": f"{table}_refuse"}).scalar_one()
    return code.strip().removeprefix("BEGIN").removesuffix("END")


def _write_function(table: str, body: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{body}END $$"
    )


def _write_trigger(table: str, condition: str = "") -> None:
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
