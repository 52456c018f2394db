"""A group of commands that says in a sentence that it has no database."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class DatabaseCommandGroup(AppGroup):
    """What is wrong with the database itself reaches whoever typed the command, and no trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError):  # PostgreSQL's word for a missing table
            raise click.ClickException(
                "the database is not there, or not ready: check DATA_DIR and DATABASE_URL,"
                " and run `flask db upgrade`"
            ) from None
