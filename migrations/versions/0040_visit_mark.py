"""When somebody was last here."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "visit_mark",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("before_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_mark_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_visit_mark")),
    )


def downgrade() -> None:
    op.drop_table("visit_mark")
