"""A closed clinic keeps the words of its request, and leaves its place to the sprint's next one."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

_WORDS = """
UPDATE clinic SET blocker_text = (SELECT blocker_text FROM sprint WHERE sprint.id = clinic.sprint_id)
WHERE closed_at IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("clinic") as batch:
        batch.add_column(sa.Column("blocker_text", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("asked_again_at", sa.DateTime(timezone=True)))
        batch.drop_constraint("uq_clinic_sprint_id", type_="unique")
    op.execute(_WORDS)
    op.create_index("ix_clinic_sprint_id", "clinic", ["sprint_id"])
    is_current = sa.text("asked_again_at IS NULL")
    op.create_index(
        "uq_clinic_one_current",
        "clinic",
        ["sprint_id"],
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )


def downgrade() -> None:
    """Of each sprint, the request that counts remains."""
    op.drop_index("uq_clinic_one_current", "clinic")
    op.drop_index("ix_clinic_sprint_id", "clinic")
    op.execute("DELETE FROM clinic WHERE asked_again_at IS NOT NULL")
    with op.batch_alter_table("clinic") as batch:
        batch.create_unique_constraint("uq_clinic_sprint_id", ["sprint_id"])
        batch.drop_column("asked_again_at")
        batch.drop_column("blocker_text")
