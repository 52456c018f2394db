"""The trail and its seals, the outbox, limits and idempotency keys."""

import sqlalchemy as sa

from migrations import columns as c

revision = "0001"
down_revision = None


def tables() -> c.Tables:
    return {
        "attempt_count": [
            *c.strings(key_hash=64, primary_key=True),
            *c.integers("attempts"),
            *c.moments("ends_at", index=True),
        ],
        "audit_event": [
            *c.entity(),
            *c.uuids("actor_id?", "subject_id", "scope_id?"),
            *c.strings(action=64, subject=64),
            *c.documents("facts", "before", "after"),
            *c.strings(request_id=64, nullable=True),
            c.index("ix_audit_event_scope_id_id", "scope_id", "id"),
            c.index("ix_audit_event_subject_id_id", "subject_id", "id"),
        ],
        "audit_seal": [
            *c.big_integers("number", primary_key=True, autoincrement=False),
            *c.uuids("event_id", unique=True),
            sa.Column("hash", sa.CHAR(64), nullable=False),
        ],
        "outbox_message": [
            *c.entity(),
            *c.strings(kind=64, address=254, locale=2, problem=300),
            *c.uuids("person_id?"),
            *c.documents("facts"),
            *c.strings(message_key=64, unique=True),
            *c.moments("due_at", "leased_until?", "sent_at?", "given_up_at?"),
            *c.integers("attempts"),
            c.index("ix_outbox_message_waiting", "due_at", where="sent_at IS NULL AND given_up_at IS NULL"),
        ],
        "submission": [
            *c.entity(),
            *c.uuids("person_id"),
            *c.strings(form=200, key=64),
            *c.strings(location=500, nullable=True),
            c.unique("person_id", "form", "key"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    c.append_only("audit_event", "id")
    c.append_only("audit_seal", "number", "event_id")


def downgrade() -> None:
    c.drop_tables(tables())
