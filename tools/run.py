"""What `make run` does once the virtual environment is there: prepare, tell the address, serve.

The web server and the worker run until Ctrl-C or SIGTERM, or until one of them ends: then both end.
"""

import ctypes
import errno
import json
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
EMPTY = {"0", "no", "false"}
PROCESSES = {
    "web server": ["-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
    "worker": ["-m", "flask", "--app", "wsgi", "worker"],
}
GRACE = 35  # seconds: a little more than each of them gives to what is under way
TOGETHER = 1  # second in which signals are one: make sends its own after that of the terminal
PR_SET_PDEATHSIG = 1  # Linux's prctl(2)


def environment() -> dict[str, str]:
    """The caller's, with a folder for data and a secret key that stays the same between starts."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as refused:
        sys.exit(f"DATA_DIR {data} cannot be made: {refused.strerror}")
    variables = dict(os.environ, DATA_DIR=str(data), PORT=os.environ.get("PORT") or "8000")
    if not variables.get("SECRET_KEY"):
        key = data / "secret-key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48))
        variables["SECRET_KEY"] = key.read_text().strip()
    return variables


def prepare(env: Mapping[str, str], *, demo: bool) -> dict[str, Any]:
    """Migrate and load, in one process; stop here with what it said when it fails."""
    done = subprocess.run(
        [PYTHON, "tools/prepare.py", *(["--demo"] if demo else [])],
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.exit(why_not(done) or "The portal cannot be prepared.")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def refuse_a_taken_port(host: str, port: int) -> None:
    """Stop when somebody listens there: the web server would share it with another portal, or try
    again for ever beside another program."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE:
                sys.exit(
                    f"{host}:{port} cannot be served: {refused.strerror}. Check BIND and PORT."
                )
            sys.exit(f"Port {port} is in use: stop what listens there, or choose another PORT.")


def why_not(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed has to say; of a database that does not answer, one sentence."""
    said = (done.stderr or "") + done.stdout
    reason = re.search(r"OperationalError\) (.*)", said)
    if reason is None:
        return said
    return f"The database cannot be opened ({reason[1]}).\nCheck DATABASE_URL and DATA_DIR."


def serve(env: Mapping[str, str], address: tuple[str, int], welcome: str) -> int:
    """Both processes until the end of one, or a signal; the exit code."""
    told: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: told.put(number))
    running = {name: start(words, env) for name, words in PROCESSES.items()}
    welcomed = asked = False
    while not (asked := is_told(told, 0.2)):
        ended = [name for name, process in running.items() if process.poll() is not None]
        if ended:
            print(f"The {' and the '.join(ended)} ended: stopping.", file=sys.stderr, flush=True)
            break
        if not welcomed and answers(address):
            print(welcome, flush=True)
            welcomed = True
    stop(running.values(), hurry=told)
    return 0 if asked else 1


def is_told(told: "SimpleQueue[int]", seconds: float) -> bool:
    """Whether a signal came, or comes within a while.

    A queue, because a handler may put into it at any moment: an event has a lock, and a signal that
    comes while this thread holds it would wait for ever.
    """
    try:
        told.get(timeout=seconds)
    except Empty:
        return False
    return True


def answers(address: tuple[str, int]) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def start(words: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches it through us, once and gently."""
    return subprocess.Popen(
        [PYTHON, *words],
        cwd=ROOT,
        env=env,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  this process has one thread
    )


def die_with_parent() -> None:
    """Even when this process is killed, nothing goes on serving; where the kernel can (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(processes: Iterable[subprocess.Popen[bytes]], hurry: "SimpleQueue[int]") -> None:
    """Let them finish what is under way; not for ever, and not when told a second time."""
    left = list(processes)
    for process in left:
        process.terminate()
    began = time.monotonic()
    while left and time.monotonic() < began + GRACE:
        if is_told(hurry, 0.1) and time.monotonic() > began + TOGETHER:
            break
        left = [process for process in left if process.poll() is None]
    for process in left:
        process.kill()
        process.wait()


def main() -> None:
    env = environment()
    usual = "0" if env.get("PORTAL_ENV") == "production" else "1"
    wants_demo = env.get("DEMO", usual).lower() not in EMPTY
    told = prepare(env, demo=wants_demo)
    host, port = told["host"], told["port"]
    refuse_a_taken_port(host, port)
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    sys.exit(serve(env, (near, port), welcome(env, told, is_empty=not wants_demo)))


def welcome(env: Mapping[str, str], told: Mapping[str, Any], *, is_empty: bool) -> str:
    """Where the portal is, and who may come in."""
    address = env.get("PUBLIC_BASE_URL") or f"http://127.0.0.1:{told['port']}"
    if is_empty:
        given = [
            f"{name}={shlex.quote(env[name])}"
            for name in ("DATA_DIR", "DATABASE_URL")
            if env.get(name)
        ]
        lines = [
            f"The portal is at {address}. If nobody has an account yet, make the first one:",
            f"  {' '.join(given)} .venv/bin/flask --app wsgi admin create",
        ]
    else:
        loaded = told["loaded"]
        lines = [
            f"{loaded} demonstration projects loaded." if loaded else "The demonstration is there.",
            f"\nThe portal is at {address}\n\nSign in as one of (role, address, password):",
            *(
                f"  {one['role']:16} {one['email']:26} {one['password']}"
                for one in told["accounts"]
            ),
        ]
    return "\n".join([*lines, "\nCtrl-C stops it."])


if __name__ == "__main__":
    main()
