"""The portal in production processes: gunicorn with its workers, and the job worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from tests.support.forked import Forked
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def variables(data_dir: Path, **given: str) -> dict[str, str]:
    """Return the environment of a portal with cheap password hashing."""
    usual = {
        "DATA_DIR": str(data_dir),
        "PORT": str(free_port()),
        "SECRET_KEY": "for tests only, and long enough to be taken for one",
        "PASSWORD_MEMORY_KIB": "8",
        "LOG_LEVEL": "error",
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | usual | given


def flask(env: dict[str, str], *words: str) -> str:
    """Run a command of the application; return its output."""
    process = Forked(["flask", "--app", "wsgi", *words], cwd=ROOT, env=env)
    assert process.stdout is not None
    with process.stdout as written:
        output = written.read()
    assert process.wait(120) == 0, output
    return output


class Gunicorn:
    """A gunicorn master with its workers in a process session of their own."""

    def __init__(self, env: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{env['PORT']}"
        self._env = env
        self.log = Path(env["DATA_DIR"]) / "gunicorn.log"
        self.start()

    def start(self) -> None:
        words = ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        self.process = Forked(words, cwd=ROOT, env=self._env, log=self.log)

    @property
    def faults(self) -> list[str]:
        """Return the errors that the portal logged, each with its location."""
        return [line for line in self.log.read_text().splitlines() if '"fault"' in line]

    def wait(self, seconds: float = 30) -> None:
        """Wait until the portal is ready to serve."""
        until = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, "gunicorn did not start"
            with suppress(httpx.TransportError):
                # `verify`: else each call reads the authorities of TLS, 6 ms of CPU
                if httpx.get(f"{self.address}/health/ready", verify=False).status_code == 200:
                    return
            assert time.monotonic() < until, "gunicorn does not answer"
            time.sleep(0.05)

    def wait_listening(self, seconds: float = 30) -> None:
        """Wait until each worker listens; another master may share the port."""
        wanted, until = int(self._env.get("WEB_CONCURRENCY", "2")), time.monotonic() + seconds
        while sum(map(_listens, self.workers)) < wanted:
            assert self.process.poll() is None, "gunicorn did not start"
            assert time.monotonic() < until, "gunicorn does not listen"
            time.sleep(0.05)

    @property
    def workers(self) -> list[psutil.Process]:
        """Return the worker processes, the oldest first."""
        return psutil.Process(self.process.pid).children()

    def kill(self) -> None:
        """Kill the master and its workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> None:
        """Kill the workers at once, then let the master clean up if it is still running."""
        self.process.terminate()
        while self.process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                for worker in self.workers:
                    worker.kill()
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop gracefully, as a service manager does: requests under way are answered."""
        self.process.terminate()
        self.process.wait(40)


def _listens(worker: psutil.Process) -> bool:
    try:
        return any(one.status == psutil.CONN_LISTEN for one in worker.net_connections("tcp"))
    except psutil.NoSuchProcess:
        return False


@contextmanager
def serve(env: dict[str, str], seconds: float = 30) -> Iterator[str]:
    """Run gunicorn until the end of the block; yields the URL."""
    with run(env, seconds) as gunicorn:
        yield gunicorn.address


@contextmanager
def run(env: dict[str, str], seconds: float = 30, *, politely: bool = False) -> Iterator[Gunicorn]:
    """Run gunicorn until the end of the block; yields its process.

    `politely` ends with a graceful stop, which waits seconds for more clients.
    """
    gunicorn = Gunicorn(env)
    try:
        gunicorn.wait(seconds)
        yield gunicorn
    finally:
        if politely:
            gunicorn.stop()
        else:
            gunicorn.end()


@contextmanager
def work(env: dict[str, str], seconds: float = 30) -> Iterator[Forked]:
    """Run the job worker, from its first log line until the end of the block."""
    words = ["flask", "--app", "wsgi", "worker"]
    process = Forked(words, cwd=ROOT, env=env | {"LOG_LEVEL": "info"})
    assert process.stdout is not None
    alarm = threading.Timer(seconds, process.kill)
    alarm.start()
    try:
        first = process.stdout.readline()
        assert "worker started" in first, first
        alarm.cancel()
        yield process
    finally:
        alarm.cancel()
        process.kill()
        process.wait(10)
        process.stdout.close()


def refusal(env: dict[str, str]) -> str:
    """Return the standard error of a gunicorn that refuses to start."""
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, check=False, timeout=30)
    assert done.returncode != 0, "it started"
    return done.stderr
