"""Hour, length and place of clinics, coaching sessions and group sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_WITH_PLACE = ("clinic", "coaching_session")
_MEETINGS = (*_WITH_PLACE, "gathering")  # a group session had a place before


def upgrade() -> None:
    for table in _MEETINGS:
        op.add_column(table, sa.Column("hour", sa.String(5), nullable=False, server_default=""))
        op.add_column(table, sa.Column("duration", sa.Integer()))
    for table in _WITH_PLACE:
        op.add_column(table, sa.Column("place", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    for table in _WITH_PLACE:
        op.execute(f"ALTER TABLE {table} DROP COLUMN place")
    for table in _MEETINGS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN duration")
        op.execute(f"ALTER TABLE {table} DROP COLUMN hour")
