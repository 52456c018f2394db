"""An annotation that tells the instructors of a procedure what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("call_replies") as table:
        table.add_column(sa.Column("annotation_id", sa.String(100), nullable=False, server_default=""))
        table.add_column(sa.Column("annotation_type", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("source_reply") as table:
        table.add_column(sa.Column("annotation", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("source_reply") as table:
        table.drop_column("annotation")
    with op.batch_alter_table("call_replies") as table:
        table.drop_column("annotation_type")
        table.drop_column("annotation_id")
