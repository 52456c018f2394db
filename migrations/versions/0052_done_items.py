"""Index what a team has done by when, the order in which it is listed."""

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.create_index("ix_item_project_id_done_at", "item", ["project_id", "done_at"])


def downgrade() -> None:
    op.drop_index("ix_item_project_id_done_at", "item")
