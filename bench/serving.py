"""Databases to measure on, and gunicorn on them: the portal's and the floor's, set alike."""

import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.data import Cast, fill
from portal.app.application.factory import create_app
from portal.platform.kernel import settings
from portal.platform.kernel.database import db
from tests.support import postgresql
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
KEY = "for measuring only, and long enough to be taken for a key"
POSTGRESQL, SQLITE = "postgresql", "sqlite"
FILE = "portal.db"
_migrated: list[bytes] = []  # an SQLite file with every table and no row


@dataclass(frozen=True)
class Base:
    """A filled database, the environment that leads to it, and who is signed in."""

    env: dict[str, str]
    cast: Cast
    teams: int


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def memory(self) -> tuple[float, float, int]:
        """RSS and PSS of the master and its workers together, in MB, and how many they are."""
        kept = [_rollup(pid) for pid in self._processes()]
        return sum(one["Rss"] for one in kept), sum(one["Pss"] for one in kept), len(kept)

    def work(self) -> float:
        """Processor time used so far, in seconds, that of workers which were replaced as well."""
        ticks = 0
        for pid in self._processes():
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, after_name[11:15]))  # its own, and of children that ended
        return ticks / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> list[str]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [str(self.pid), *children]


def _rollup(pid: str) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(rest.split()[0]) / 1024 for name, rest in (one.split(":") for one in lines)}


@contextmanager
def engine(kind: str) -> Iterator[sa.URL | None]:
    """A server to make databases on; None for SQLite, which needs none."""
    if kind == SQLITE:
        yield None
        return
    given = os.environ.get("DATABASE_URL")
    if given:
        yield sa.make_url(given.replace("postgresql://", "postgresql+psycopg://", 1))
        return
    with postgresql.server(durable=True) as url:
        yield url


def _migrate(env: Mapping[str, str]) -> None:
    """Make the tables; each SQLite file after the first is a copy of it."""
    if "DATABASE_URL" not in env and _migrated:
        (Path(env["DATA_DIR"]) / FILE).write_bytes(_migrated[0])
        return
    upgrade = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=env, check=True, capture_output=True)
    if "DATABASE_URL" not in env:
        with closing(sqlite3.connect(Path(env["DATA_DIR"]) / FILE)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _migrated.append((Path(env["DATA_DIR"]) / FILE).read_bytes())


@contextmanager
def database(server: sa.URL | None, *, teams: int, sprints: int) -> Iterator[Base]:
    """A new database with a programme in it, gone at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env |= {"DATA_DIR": str(folder), "SECRET_KEY": KEY, "PYTHONPATH": str(ROOT)}
    if server is not None:
        url = postgresql.create_database(server, f"portal_bench_{teams}")
        env["DATABASE_URL"] = url.render_as_string(hide_password=False)
    _migrate(env)
    app = create_app(settings.load_settings(env))
    try:
        cast = fill(app, teams=teams, sprints=sprints)
        yield Base(env, cast, teams)
    finally:
        with app.app_context():
            db.engine.dispose()
        if server is not None:
            postgresql.drop_database(server, f"portal_bench_{teams}")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serve(base: Base, what: str = "wsgi:app", **variables: str) -> Iterator[Server]:
    """gunicorn with two workers of four threads, until the end of the block."""
    port = free_port()
    env = base.env | {"PORT": str(port), "WEB_CONCURRENCY": "2", "WEB_THREADS": "4"} | variables
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", what]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(40)


def _wait(process: subprocess.Popen[bytes], port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"gunicorn did not start:\n{said}")
        try:
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asking.request("GET", "/nothing")
            asking.getresponse().read()
            asking.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn does not answer")
