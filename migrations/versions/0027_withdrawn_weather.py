"""Weathers that count no more: the close that said them was undone."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    key = sa.ForeignKey("declared_weather.id")
    op.create_table("withdrawn_weather", sa.Column("weather_id", sa.Uuid(), key, primary_key=True))


def downgrade() -> None:
    op.drop_table("withdrawn_weather")
