"""A group session that was announced by mistake is cancelled: when, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

_WHO = "fk_gathering_cancelled_by_id_person"


def upgrade() -> None:
    op.add_column("gathering", sa.Column("cancelled_at", sa.DateTime(timezone=True)))
    op.add_column("gathering", sa.Column("cancelled_because", sa.Text()))
    if op.get_bind().dialect.name == "sqlite":
        # Others refer to the table: made again as a whole, its attendance would refer to nothing.
        reference = f"CONSTRAINT {_WHO} REFERENCES person (id)"
        op.execute(f"ALTER TABLE gathering ADD COLUMN cancelled_by_id CHAR(32) {reference}")
    else:
        op.add_column("gathering", sa.Column("cancelled_by_id", sa.Uuid()))
        op.create_foreign_key(_WHO, "gathering", "person", ["cancelled_by_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(_WHO, "gathering", type_="foreignkey")
    for name in ("cancelled_by_id", "cancelled_because", "cancelled_at"):
        op.drop_column("gathering", name)
