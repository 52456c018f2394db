"""A group session that was announced by mistake is cancelled: when, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

_WHO = "fk_gathering_cancelled_by_id_person"


def upgrade() -> None:
    with op.batch_alter_table("gathering") as batch:
        batch.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("cancelled_by_id", sa.Uuid()))
        batch.add_column(sa.Column("cancelled_because", sa.Text()))
        batch.create_foreign_key(_WHO, "person", ["cancelled_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("gathering") as batch:
        batch.drop_constraint(_WHO, type_="foreignkey")
        batch.drop_column("cancelled_because")
        batch.drop_column("cancelled_by_id")
        batch.drop_column("cancelled_at")
