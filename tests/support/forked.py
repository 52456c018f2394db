"""Processes of the portal forked from one that has imported it.

Importing takes two seconds of CPU, and tests start a hundred processes. That the real commands
start is tested by `tests/house/test_run.py` and `tests/collaboration/files/test_storage.py`.
"""

import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import TimeoutExpired
from typing import TextIO

PRELOADED = (
    "tests.support.forked",
    "portal.app.application.factory",
    "alembic.command",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "huey.contrib.sql_huey",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
_COMMANDS = {"gunicorn": ("gunicorn.app.wsgiapp", "run"), "flask": ("flask.cli", "main")}
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(list(PRELOADED))


class Forked:
    """A command in a process session of its own, with the interface of `subprocess.Popen`.

    It writes to `log`, or else its standard output is read from `stdout`.
    """

    def __init__(self, words: list[str], *, cwd: Path, env: dict[str, str], log: Path | None = None) -> None:
        self.args = words
        self.stdout: TextIO | None = None
        if log:
            self._process = start(words, cwd, env, log, log)
            return
        reader, writer = _forks.Pipe(duplex=False)
        with reader, writer:
            self._process = start(words, cwd, env, writer)
            self.stdout = os.fdopen(os.dup(reader.fileno()), encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Return the exit code; raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise TimeoutExpired(self.args, timeout)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(words: list[str], cwd: Path, env: dict[str, str], *outputs: Path | Connection) -> ForkServerProcess:
    """Start a command that writes to these files: standard output, and standard error."""
    process = _forks.Process(target=_become, args=(words, cwd, env, outputs), daemon=True)
    process.start()
    return process


def _become(words: list[str], cwd: Path, env: dict[str, str], outputs: tuple[Path | Connection, ...]) -> None:
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, output in enumerate(outputs, 1):
        if isinstance(output, Path):
            os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), number)
        else:
            os.dup2(output.fileno(), number)
            output.close()
    sys.argv = words
    module, name = _COMMANDS[words[0]]
    main: Callable[[], None] = getattr(importlib.import_module(module), name)
    main()
