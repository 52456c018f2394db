"""What the plan of instalments said before each change, and signed documents that were replaced. What
was recovered of a closed agreement stays committed: it is paid, and not owed again."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from migrations import columns as c

revision = "0048"
down_revision = "0047"

_WHY = "Un reversement ne diminue pas ce qui est engagé."


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
    op.add_column("payment_recovery", sa.Column("booked_at", c.MOMENT))
    c.make_tables(_tables())
    c.append_only("instalment_edition", "id")
    _commit_again()


def downgrade() -> None:
    c.drop_tables(_tables())
    op.drop_column("payment_recovery", "booked_at")
    op.drop_column("funding_agreement", "earlier_documents")


def _commit_again() -> None:
    """Enter again what a recovery took from a commitment below what was paid."""
    entry = sa.table(
        "ledger_entry",
        *(sa.column(name, sa.Uuid()) for name in ("id", "project_id", "instalment_id", "author_id")),
        *(sa.column(name, sa.String()) for name in ("account", "reference", "reason")),
        sa.column("amount_cents", sa.BigInteger()),
        sa.column("on_day", sa.Date()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    sums = {
        name: sa.func.sum(sa.case((entry.c.account == name, entry.c.amount_cents), else_=0))
        for name in ("committed", "paid")
    }
    statement = (
        sa.select(entry.c.project_id, entry.c.instalment_id, sums["paid"] - sums["committed"])
        .group_by(entry.c.project_id, entry.c.instalment_id)
        .having(sums["paid"] > sums["committed"])
    )
    connection, now = op.get_bind(), datetime.now(UTC)
    for project_id, instalment_id, missing in connection.execute(statement).all():
        last_author = (
            sa.select(entry.c.author_id)
            .where(entry.c.instalment_id == instalment_id, entry.c.account == "recovered")
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
            "reason": _WHY,
            "amount_cents": int(missing),
            "on_day": now.date(),
            "created_at": now,
        }
        connection.execute(sa.insert(entry).values(values))
