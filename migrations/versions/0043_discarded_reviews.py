"""A draft of an ethics review may be given up: it stays, and another may take its place."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

INDEX = "uq_review_under_way"
OPEN = "state IN ('draft', 'submitted', 'in_review')"


def upgrade() -> None:
    op.add_column("review", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))
    _index(f"{OPEN} AND discarded_at IS NULL")


def downgrade() -> None:
    """Of a questionnaire that was begun again, what was given up cannot stand beside it: it goes
    on as refused would, decided the moment it was given up."""
    op.execute(
        "UPDATE review SET state = 'refused', submitted_at = discarded_at,"
        " decided_at = discarded_at WHERE discarded_at IS NOT NULL"
    )
    _index(OPEN)
    op.drop_column("review", "discarded_at")


def _index(which: str) -> None:
    op.drop_index(INDEX, table_name="review")
    op.create_index(
        INDEX,
        "review",
        ["project_id", "kind"],
        unique=True,
        sqlite_where=sa.text(which),
        postgresql_where=sa.text(which),
    )
