"""A coach's request to hand a team over is a note of theirs that waits for the programme's lead."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

_SUCCESSOR = "fk_coach_note_hand_over_to_id_person"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("coach_note") as batch:
        batch.add_column(sa.Column("hand_over_to_id", sa.Uuid()))
        batch.add_column(sa.Column("hand_over_requested_at", moment))
        batch.add_column(sa.Column("hand_over_refused_at", moment))
        batch.create_foreign_key(_SUCCESSOR, "person", ["hand_over_to_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("coach_note") as batch:
        batch.drop_constraint(_SUCCESSOR, type_="foreignkey")
        batch.drop_column("hand_over_refused_at")
        batch.drop_column("hand_over_requested_at")
        batch.drop_column("hand_over_to_id")
