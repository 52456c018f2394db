"""Since when teams wait for help, and whether somebody took their requests."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

_TAKEN = """
UPDATE sprint SET help_taken_at = (SELECT taken_at FROM clinic WHERE clinic.sprint_id = sprint.id)
"""
_WAITING = """
FROM sprint WHERE sprint.project_id = project_figures.project_id AND sprint.helped_at IS NULL
AND sprint.number >= coalesce(project_figures.last_number, 0)
AND (sprint.help_asked_at IS NOT NULL OR (sprint.closed_at IS NOT NULL AND sprint.help_wanted))
"""
_SINCE = f"""
UPDATE project_figures SET
help_since = (SELECT min(coalesce(sprint.help_asked_at, sprint.closed_at)) {_WAITING}),
help_taken = NOT EXISTS (SELECT 1 {_WAITING} AND sprint.help_taken_at IS NULL)
WHERE help_wanted
"""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("sprint", sa.Column("help_taken_at", moment))
    op.add_column("project_figures", sa.Column("help_since", moment))
    op.add_column(
        "project_figures", sa.Column("help_taken", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(_TAKEN)
    op.execute(_SINCE)


def downgrade() -> None:
    op.drop_column("project_figures", "help_taken")
    op.drop_column("project_figures", "help_since")
    op.drop_column("sprint", "help_taken_at")
