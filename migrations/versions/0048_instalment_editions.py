"""What the plan of instalments said before each change, and signed documents that were replaced. What
was recovered stays committed, as it is paid and not owed again; what was refused is committed no more."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from migrations import columns as c

revision = "0048"
down_revision = "0047"

_DROPPED_BY = "fk_payment_recovery_dropped_by_id_person"
_RECOVERED = "Un reversement ne diminue pas ce qui est engagé."
_REFUSED = "Une tranche refusée n’est plus engagée."


def _tables() -> c.Tables:
    """Made anew each time: a column belongs to one table."""
    return {
        "instalment_edition": [
            *c.references(instalment_id="instalment"),
            *c.big_integers("amount_cents"),
            *c.days("due_on?"),
            *c.documents("gates", "documents"),
            *c.booleans("needs_statement"),
            *c.texts("reason"),
            *c.references(author_id="person?"),
            *c.entity(),
            c.index("ix_instalment_edition_instalment_id_id", "instalment_id", "id"),
        ],
    }


def upgrade() -> None:
    op.add_column("funding_agreement", sa.Column("earlier_documents", sa.JSON()))
    with op.batch_alter_table("payment_recovery") as batch:
        batch.add_column(sa.Column("booked_at", c.MOMENT))
        batch.add_column(sa.Column("dropped_by_id", sa.Uuid()))
        batch.create_foreign_key(_DROPPED_BY, "person", ["dropped_by_id"], ["id"])
    c.make_tables(_tables())
    c.append_only("instalment_edition", "id")
    _commit_again()


def downgrade() -> None:
    c.drop_tables(_tables())
    with op.batch_alter_table("payment_recovery") as batch:
        batch.drop_constraint(_DROPPED_BY, type_="foreignkey")
        batch.drop_column("dropped_by_id")
        batch.drop_column("booked_at")
    op.drop_column("funding_agreement", "earlier_documents")


def _commit_again() -> None:
    """Enter again what a recovery took from a commitment below what was paid, and the counter-entry of
    what was refused."""
    entry = sa.table(
        "ledger_entry",
        *(sa.column(name, sa.Uuid()) for name in ("id", "project_id", "instalment_id", "author_id")),
        *(sa.column(name, sa.String()) for name in ("account", "reference", "reason")),
        sa.column("amount_cents", sa.BigInteger()),
        sa.column("on_day", sa.Date()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    instalment = sa.table("instalment", sa.column("id", sa.Uuid()), sa.column("state", sa.String()))
    committed, paid = (
        sa.func.sum(sa.case((entry.c.account == name, entry.c.amount_cents), else_=0))
        for name in ("committed", "paid")
    )
    is_refused = instalment.c.state == "refused"
    statement = (
        sa.select(entry.c.project_id, instalment.c.id, paid - committed, is_refused)
        .join(instalment, instalment.c.id == entry.c.instalment_id)
        .group_by(entry.c.project_id, instalment.c.id, instalment.c.state)
        .having(sa.or_(paid > committed, sa.and_(is_refused, committed > paid)))
    )
    connection, now = op.get_bind(), datetime.now(UTC)
    for project_id, instalment_id, missing, refused in connection.execute(statement).all():
        last_author = (
            sa.select(entry.c.author_id)
            .where(entry.c.instalment_id == instalment_id)
            .order_by(entry.c.id.desc())
            .limit(1)
        )
        values = {
            "id": uuid7(),
            "project_id": project_id,
            "instalment_id": instalment_id,
            "author_id": connection.scalar(last_author),
            "account": "committed",
            "reference": "",
            "reason": _REFUSED if refused else _RECOVERED,
            "amount_cents": int(missing),
            "on_day": now.date(),
            "created_at": now,
        }
        connection.execute(sa.insert(entry).values(values))
