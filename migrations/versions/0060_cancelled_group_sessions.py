"""A group session that was announced by mistake is cancelled: when, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    # No batch: SQLite would drop the table, to which attendance and answers refer.
    is_sqlite = op.get_bind().dialect.name == "sqlite"  # which adds no constraint to a table that is there
    who = sa.ForeignKey("person.id", name="fk_gathering_cancelled_by_id_person")
    op.add_column("gathering", sa.Column("cancelled_at", sa.DateTime(timezone=True)))
    op.add_column("gathering", sa.Column("cancelled_by_id", sa.Uuid(), who), inline_references=is_sqlite)
    op.add_column("gathering", sa.Column("cancelled_because", sa.Text()))


def downgrade() -> None:
    for name in ("cancelled_because", "cancelled_by_id", "cancelled_at"):
        op.drop_column("gathering", name)
