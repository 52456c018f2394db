"""A group session that was announced by mistake is cancelled: when, by whom and why.

Each column is added to the table in place: SQLite would make the table again for a constraint of its
own, and refuses to drop one to which other rows refer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

_WHO = "fk_gathering_cancelled_by_id_person"
_ADD_WHO = (
    f"ALTER TABLE gathering ADD COLUMN cancelled_by_id CHAR(32) CONSTRAINT {_WHO} REFERENCES person (id)"
)


def upgrade() -> None:
    op.add_column("gathering", sa.Column("cancelled_at", sa.DateTime(timezone=True)))
    op.add_column("gathering", sa.Column("cancelled_because", sa.Text()))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_ADD_WHO)
    else:
        op.add_column("gathering", sa.Column("cancelled_by_id", sa.Uuid()))
        op.create_foreign_key(_WHO, "gathering", "person", ["cancelled_by_id"], ["id"])


def downgrade() -> None:
    for name in ("cancelled_because", "cancelled_by_id", "cancelled_at"):  # its constraint goes with it
        op.drop_column("gathering", name)
