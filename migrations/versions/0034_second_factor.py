"""Second factors: one-time secrets, passkeys, recovery codes, resets; proofs of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("person", sa.Column("second_factor_at", moment))
    op.add_column("open_session", sa.Column("proved_at", moment))
    person_id = "person_id"
    op.create_table(
        "sign_in_request",
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column(person_id, sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_sign_in_request_person_id"), "sign_in_request", [person_id])
    op.create_index(op.f("ix_sign_in_request_expires_at"), "sign_in_request", ["expires_at"])
    op.create_table(
        "one_time_secret",
        sa.Column(person_id, sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("closed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("confirmed_at", moment),
        sa.Column("last_step", sa.BigInteger()),
        sa.Column("last_used_at", moment),
    )
    op.create_table(
        "passkey",
        sa.Column(person_id, sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False, unique=True),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", [person_id])
    op.create_table(
        "recovery_code",
        sa.Column(person_id, sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", [person_id])
    op.create_table(
        "factor_reset",
        sa.Column(person_id, sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
    )
    is_waiting = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_factor_reset_waiting",
        "factor_reset",
        [person_id],
        unique=True,
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )


def downgrade() -> None:
    for table in ("factor_reset", "recovery_code", "passkey", "one_time_secret", "sign_in_request"):
        op.drop_table(table)
    op.drop_column("open_session", "proved_at")
    op.drop_column("person", "second_factor_at")
