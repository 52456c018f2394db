"""When a team asked for help on another day than the close of a sprint."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("sprint", sa.Column("help_asked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("sprint", "help_asked_at")
