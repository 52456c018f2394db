"""How many findings of each project are open and severe, among the figures lists are read from."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

# Each with the least severity it counts, as `portal.findings.models` had it.
COUNTS = {"severe_open": 3, "gravest_open": 4}


def upgrade() -> None:
    figures = sa.table("project_figures", *map(sa.column, ("project_id", *COUNTS)))
    findings = sa.table("finding", *map(sa.column, ("project_id", "closed_at", "severity")))
    for name, least in COUNTS.items():
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("project_figures", column)
        count = sa.select(sa.func.count()).where(
            findings.c.project_id == figures.c.project_id,
            findings.c.closed_at.is_(None),
            findings.c.severity >= least,
        )
        op.execute(sa.update(figures).values({name: count.scalar_subquery()}))


def downgrade() -> None:
    for name in reversed(COUNTS):
        op.drop_column("project_figures", name)
