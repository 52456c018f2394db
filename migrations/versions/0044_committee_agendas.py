"""A closed record keeps the agenda that its committee had."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("committee", sa.Column("closed_agenda", sa.JSON()))


def downgrade() -> None:
    op.drop_column("committee", "closed_agenda")
