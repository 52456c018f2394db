"""A team that has closed no sprint is silent since its first day, in lists as in its health."""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

_project = sa.table("project", sa.column("id", sa.Uuid()), sa.column("starts_on", sa.Date()))
_figures = sa.table(
    "project_figures",
    sa.column("project_id", sa.Uuid()),
    sa.column("last_number", sa.Integer()),
    sa.column("silent_since", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    connection = op.get_bind()
    before_any_close = (
        sa.select(_project.c.id, _project.c.starts_on)
        .join(_figures, _figures.c.project_id == _project.c.id)
        .where(_figures.c.last_number.is_(None))
    )
    for project_id, starts_on in connection.execute(before_any_close).all():
        first_day = datetime.combine(starts_on, time(11, tzinfo=UTC))
        own_row = _figures.c.project_id == project_id
        connection.execute(sa.update(_figures).where(own_row).values(silent_since=first_day))


def downgrade() -> None:
    """The day is right for the version before too."""
