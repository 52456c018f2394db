"""The address that ProConnect gave for a linked account."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.add_column("federated_identity", sa.Column("email", sa.String(254)))


def downgrade() -> None:
    op.drop_column("federated_identity", "email")
