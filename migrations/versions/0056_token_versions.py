"""A token keeps the version of the API at its first use; those used so far have used the first one."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

FIRST_VERSION = "2026-11-29"


def upgrade() -> None:
    op.add_column("api_token", sa.Column("api_version", sa.String(10), nullable=True))
    token = sa.table("api_token", sa.column("api_version"), sa.column("last_used_at"))
    used = sa.update(token).where(token.c.last_used_at.is_not(None))
    op.execute(used.values(api_version=FIRST_VERSION))


def downgrade() -> None:
    with op.batch_alter_table("api_token") as batch:
        batch.drop_column("api_version")
