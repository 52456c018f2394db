"""A committee's record ends with its day: until when it holds decisions is kept when it is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.add_column("committee", sa.Column("decided_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("committee") as batch:
        batch.drop_column("decided_until")
