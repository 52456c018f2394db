"""When somebody last read anything: a list of what is unread holds until then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("read_mark", sa.Column("marked_at", MOMENT, nullable=True))
    op.execute("UPDATE read_mark SET marked_at = read_at")
    with op.batch_alter_table("read_mark") as marks:
        marks.alter_column("marked_at", existing_type=MOMENT, nullable=False)
    op.create_index("ix_read_mark_person_id_marked_at", "read_mark", ["person_id", "marked_at"])


def downgrade() -> None:
    op.drop_index("ix_read_mark_person_id_marked_at", table_name="read_mark")
    with op.batch_alter_table("read_mark") as marks:
        marks.drop_column("marked_at")
