"""Alembic's environment: the application's own engine and models."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from migrations import columns
from migrations.locks import only_migration, retry_locked
from portal.platform.kernel.database import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        include_name=columns.is_mapped,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Another database than the application's: a copy on which an upgrade is tried.
engine = context.config.attributes.get("engine") or current_app.extensions["migrate"].db.engine
with only_migration(engine) as connection:
    retry_locked(connection, lambda: run(connection))
    connection.commit()
