"""The audit trail is chained: a table of seals, and seals for the lines that are there."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BATCH = 1000

# SQLite's INSERT OR REPLACE deletes without asking the triggers on deletion.
SQLITE_GUARDS = (
    """
    CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
    BEGIN SELECT RAISE(ABORT, 'audit_seal is append-only'); END
    """,
    """
    CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
    BEGIN SELECT RAISE(ABORT, 'audit_seal is append-only'); END
    """,
    """
    CREATE TRIGGER audit_seal_no_replace BEFORE INSERT ON audit_seal
    WHEN EXISTS (SELECT 1 FROM audit_seal WHERE number = NEW.number OR event_id = NEW.event_id)
    BEGIN SELECT RAISE(ABORT, 'audit_seal is append-only'); END
    """,
    """
    CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
    WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
    """,
)
POSTGRESQL_GUARD = """
CREATE FUNCTION audit_seal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_seal is append-only'; END $$;
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH ROW EXECUTE FUNCTION audit_seal_refuse();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_refuse();
"""

LINES = sa.table(
    "audit_event",
    sa.column("actor_id", sa.Uuid),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", sa.Uuid),
    sa.column("scope_id", sa.Uuid),
    sa.column("facts", sa.JSON),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
    sa.column("request_id", sa.String),
    sa.column("id", sa.Uuid),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
SEALS = sa.table(
    "audit_seal",
    sa.column("number", sa.BigInteger),
    sa.column("event_id", sa.Uuid),
    sa.column("hash", sa.CHAR(64)),
)


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.CHAR(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    seal_what_is_there()
    guard_seals()


def seal_what_is_there() -> None:
    """In the order of the lines' ids, which is the order in which they were made."""
    connection = op.get_bind()
    number, before, after = 0, "0" * 64, UUID(int=0)
    ahead = sa.select(LINES).order_by(LINES.c.id).limit(BATCH)
    while lines := connection.execute(ahead.where(LINES.c.id > after)).mappings().all():
        seals = []
        for line in lines:
            number, before = number + 1, seal_hash(before, line)
            seals.append({"number": number, "event_id": line["id"], "hash": before})
        connection.execute(sa.insert(SEALS), seals)
        after = lines[-1]["id"]


def seal_hash(before: str, line: sa.RowMapping) -> str:
    """As `portal.kernel.audit_chain` does it; written again here, for a migration stands still."""
    held = {name: stable(value) for name, value in line.items() if value is not None}
    text = json.dumps(held, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def stable(value: object) -> object:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=value.tzinfo or UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {key: stable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [stable(inner) for inner in value]
    return value


def guard_seals() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
        return
    for guard in SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("audit_seal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_seal_refuse()")
    else:
        op.execute("DROP TRIGGER audit_event_no_replace")
