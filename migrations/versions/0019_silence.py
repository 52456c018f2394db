"""A team that has closed no sprint is silent from its start, or its creation where that was later.

It was counted from the start alone, so that a project written down late was late from its first day.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

MOMENT = sa.DateTime(timezone=True)
SAME_DAY_EVERYWHERE = time(11, tzinfo=UTC)
WRITTEN = {"project_id": sa.Uuid(), "starts_on": sa.Date(), "created_at": MOMENT}


def upgrade() -> None:
    _tell(max)


def downgrade() -> None:
    _tell(lambda starts_on, _created_on: starts_on)


def _tell(first_day: Callable[[date, date], date]) -> None:
    connection = op.get_bind()
    silent = sa.text(
        "SELECT project_figures.project_id, project.starts_on, scope.created_at"
        " FROM project_figures JOIN project ON project.id = project_figures.project_id"
        " JOIN scope ON scope.id = project.id"
        " WHERE project_figures.last_number IS NULL"
    ).columns(**WRITTEN)
    change = sa.text(
        "UPDATE project_figures SET silent_since = :since, mark = :mark WHERE project_id = :id"
    ).bindparams(sa.bindparam("id", type_=sa.Uuid()), sa.bindparam("since", type_=MOMENT))
    for project in connection.execute(silent).all():
        since = datetime.combine(
            first_day(project.starts_on, _day_of(project.created_at)), SAME_DAY_EVERYWHERE
        )
        given = {"id": project.project_id, "since": since, "mark": secrets.randbits(31)}
        connection.execute(change, given)


def _day_of(moment: datetime) -> date:
    """SQLite keeps moments in UTC and gives them back without saying so."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo("Europe/Paris")).date()
