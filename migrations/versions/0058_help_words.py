"""A request for help of a closed sprint has words of its own: the log keeps what it says."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.add_column("sprint", sa.Column("help_text", sa.Text(), nullable=True))
    op.add_column("sprint", sa.Column("help_blocker", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("sprint", "help_blocker")
    op.drop_column("sprint", "help_text")
