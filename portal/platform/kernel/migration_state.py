"""How far the database's schema is from the one that this code was written for.

Migrations are numbered one by one (0001, 0002…), so that code knows its distance to a schema that is
newer than itself.
"""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from portal.platform.kernel.database import db

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


@cache
def head_migration() -> str:
    """The newest migration that this code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def find_schema_migration() -> str:
    """The migration that the database has reached; empty for one without tables.

    Raises `SQLAlchemyError` when the database does not answer.
    """
    try:
        return db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""
    except sa.exc.ProgrammingError:  # PostgreSQL: no such table
        db.session.rollback()
    except sa.exc.OperationalError as error:
        if "no such table" not in str(error):
            raise
        db.session.rollback()
    return ""


def count_migrations_ahead(schema: str) -> int | None:
    """How many migrations the schema is ahead of this code (negative: behind).

    None for a schema that no release has: without tables, or with a migration that has no number.
    """
    if not schema.isdecimal() or int(schema) < 1:
        return None
    return int(schema) - int(head_migration())


@cache
def find_schema_misfit(schema: str) -> str:
    """What keeps this code from working on a newer schema, as a sentence; "" where nothing does.

    A newer schema serves as long as it holds every table and column that this code uses and demands
    no value that this code does not write. Read from the database once per schema.
    """
    tables = sa.inspect(db.engine).get_multi_columns()
    for table in db.metadata.sorted_tables:
        columns = {column["name"]: column for column in tables.get((None, table.name), [])}
        if lost := sorted({column.name for column in table.columns} - columns.keys()):
            return f"This version is too old: migration {schema} has no {table.name}.{lost[0]} any more."
        for name in sorted(columns.keys() - {column.name for column in table.columns}):
            if not columns[name]["nullable"] and columns[name]["default"] is None:
                return f"This version is too old: migration {schema} demands {table.name}.{name}."
    return ""
