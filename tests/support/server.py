"""The portal as it runs: gunicorn with its workers, in processes of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


def variables(data_dir: Path, **given: str) -> dict[str, str]:
    """The environment of a portal that is quick to sign in to."""
    usual = {
        "DATA_DIR": str(data_dir),
        "PORT": str(free_port()),
        "SECRET_KEY": "for tests only, and long enough to be taken for one",
        "PASSWORD_MEMORY_KIB": "8",
        "LOG_LEVEL": "error",
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | usual | given


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def flask(env: dict[str, str], *words: str) -> str:
    """A command of the application; what it printed."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serve(env: dict[str, str], seconds: float = 30) -> Iterator[str]:
    """Gunicorn on its port until the end of the block; the address."""
    address = f"http://127.0.0.1:{env['PORT']}"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(address, process, seconds)
        yield address
    finally:
        process.terminate()
        process.wait(40)


def _wait(address: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        assert process.poll() is None, "gunicorn did not start"
        try:
            if httpx.get(f"{address}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            assert time.monotonic() < until, "gunicorn does not answer"
        time.sleep(0.1)
