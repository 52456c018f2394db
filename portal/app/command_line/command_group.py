"""A command group that reports a missing database in one sentence."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class DatabaseCommandGroup(AppGroup):
    """Turns database errors into a sentence without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError):  # ProgrammingError: a table is missing in PostgreSQL
            raise click.ClickException(
                "the database is not there, or not ready: check DATA_DIR and DATABASE_URL,"
                " and run `flask db upgrade`"
            ) from None
