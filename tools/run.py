"""`make run` once the virtual environment exists: prepare the database, print the address, serve.

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
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
EMPTY = {"0", "no", "false"}
PROCESSES = {
    "web server": ["-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
    "worker": ["-m", "flask", "--app", "wsgi", "worker"],
}
LAST_PORT = 65535
GRACE = 35  # seconds: a little more than the graceful timeout of each process
TOGETHER = 1  # second: signals within it count as one, because make repeats the terminal's
PR_SET_PDEATHSIG = 1  # Linux's prctl(2)


def environment() -> dict[str, str]:
    """The caller's variables with the defaults of `make run`.

    Data folder, a secret key that is kept between starts, and the addresses of this machine: both
    `localhost` and 127.0.0.1 answer. Exits when the data folder cannot be created.
    """
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as refused:
        sys.exit(f"DATA_DIR {data} cannot be made: {refused.strerror}")
    variables = dict(os.environ, DATA_DIR=str(data), PORT=os.environ.get("PORT") or "8000")
    variables["BIND"] = variables.get("BIND") or "localhost"
    variables["PUBLIC_BASE_URL"] = variables.get("PUBLIC_BASE_URL") or f"http://localhost:{variables['PORT']}"
    if not variables.get("SECRET_KEY"):
        key = data / "secret-key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48))
        variables["SECRET_KEY"] = key.read_text().strip()
    return variables


def prepare(env: Mapping[str, str], *, demo: bool) -> dict[str, Any]:
    """Run `tools/prepare.py` and return its report; exit with its output when it fails."""
    result = subprocess.run(
        [PYTHON, "tools/prepare.py", *(["--demo"] if demo else [])],
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    if result.returncode:
        sys.exit(explain_failure(result) or "The portal cannot be prepared.")
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def require_free_port(host: str, port: int) -> None:
    """Exit when a program listens there: gunicorn would share the port with another portal, or
    retry for ever."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE:
                sys.exit(f"{host}:{port} cannot be served: {refused.strerror}. Check BIND and PORT.")
            sys.exit(f"Port {port} is in use: stop what listens there, or choose another PORT.")


def explain_failure(result: subprocess.CompletedProcess[str]) -> str:
    """The output of a failed command; one sentence when the database cannot be opened."""
    output = (result.stderr or "") + result.stdout
    reason = re.search(r"OperationalError\) (.*)", output)
    if reason is None:
        return output
    return f"The database cannot be opened ({reason[1]}).\nCheck DATABASE_URL and DATA_DIR."


def serve(env: Mapping[str, str], address: tuple[str, int], welcome: str) -> int:
    """Run both processes until a signal comes or one of them ends; returns the exit code.

    Prints `welcome` once the web server accepts connections.
    """
    signals: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: signals.put(number))
    running = {name: start(arguments, env) for name, arguments in PROCESSES.items()}
    is_welcomed = is_interrupted = False
    while not (is_interrupted := wait_for_signal(signals, 0.2)):
        ended = [name for name, process in running.items() if process.poll() is not None]
        if ended:
            print(f"The {' and the '.join(ended)} ended: stopping.", file=sys.stderr, flush=True)
            break
        if not is_welcomed and answers(address):
            print(welcome, flush=True)
            is_welcomed = True
    stop(running.values(), signals)
    return 0 if is_interrupted else 1


def wait_for_signal(signals: "SimpleQueue[int]", seconds: float) -> bool:
    """Whether a signal came, or comes within a time.

    A `SimpleQueue`, because its `put` is reentrant: a signal handler that sets an event would
    deadlock while this thread holds the event's lock.
    """
    try:
        signals.get(timeout=seconds)
    except Empty:
        return False
    return True


def answers(address: tuple[str, int]) -> bool:
    """Whether an address accepts connections."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def start(arguments: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start Python in a session of its own: Ctrl-C must reach it through this process only."""
    return subprocess.Popen(
        [PYTHON, *arguments],
        cwd=ROOT,
        env=env,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  this process has one thread
    )


def die_with_parent() -> None:
    """Linux: stop the child when this process is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(processes: Iterable[subprocess.Popen[bytes]], signals: "SimpleQueue[int]") -> None:
    """Stop gracefully; kill after `GRACE` or at a second signal."""
    remaining = list(processes)
    for process in remaining:
        process.terminate()
    began = time.monotonic()
    while remaining and time.monotonic() < began + GRACE:
        if wait_for_signal(signals, 0.1) and time.monotonic() > began + TOGETHER:
            break
        remaining = [process for process in remaining if process.poll() is None]
    for process in remaining:
        process.kill()
        process.wait()


def offer_proconnect(env: dict[str, str]) -> None:
    """Offer the demonstration's sign-in provider on the next port of this machine, unless it is taken
    or ProConnect is configured."""
    port = int(env["PORT"]) + 1
    is_local = urlsplit(env["PUBLIC_BASE_URL"]).hostname in {"localhost", "127.0.0.1"}
    if env.get("PROCONNECT_URL") or not is_local or port > LAST_PORT or answers(("localhost", port)):
        return
    env |= {
        "PROCONNECT_URL": f"http://localhost:{port}/api/v2",
        "PROCONNECT_CLIENT_ID": "portal",
        "PROCONNECT_CLIENT_SECRET": secrets.token_urlsafe(32),
        "OUTGOING_LOOPBACK": "1",
    }
    PROCESSES["sign-in provider"] = ["-m", "portal.app.demo.proconnect_provider"]


def main() -> None:
    env = environment()
    is_production = env.get("PORTAL_ENV") == "production"
    with_demo = env.get("DEMO", "0" if is_production else "1").lower() not in EMPTY
    if with_demo and not is_production:
        offer_proconnect(env)
    if env["PORT"].isdecimal() and 0 < int(env["PORT"]) <= LAST_PORT:
        require_free_port("127.0.0.1", int(env["PORT"]))  # before the minutes of a first start
    loading = " and loading the demonstration (about 20 seconds the first time)"
    print(f"Preparing the database{loading if with_demo else ''}…", flush=True)
    report = prepare(env, demo=with_demo)
    hosts, port = report["hosts"], report["port"]
    for host in hosts:
        require_free_port(host, port)
    print("Starting the web server and the worker…", flush=True)
    local_host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(hosts[0], hosts[0])
    sys.exit(serve(env, (local_host, port), welcome(env, report, is_empty=not with_demo)))


def welcome(env: Mapping[str, str], report: Mapping[str, Any], *, is_empty: bool) -> str:
    """The portal's address and how to sign in."""
    address = env["PUBLIC_BASE_URL"]
    if is_empty:
        variables = [
            f"{name}={shlex.quote(env[name])}" for name in ("DATA_DIR", "DATABASE_URL") if env.get(name)
        ]
        lines = [
            f"The portal is at {address}. If nobody has an account yet, make the first one:",
            f"  {' '.join(variables)} .venv/bin/flask --app wsgi admin create",
        ]
    else:
        loaded = report["loaded"]
        lines = [
            f"{loaded} demonstration projects loaded." if loaded else "The demonstration is there.",
            f"\nThe portal is at {address}\n\nSign in as one of (role, address, password):",
            *(
                f"  {account['role']:16} {account['email']:26} {account['password']}"
                + second_factor_of(account)
                for account in report["accounts"]
            ),
        ]
    return "\n".join([*lines, "\nCtrl-C stops it."])


def second_factor_of(account: Mapping[str, str]) -> str:
    """How to prove the sign-in of an account that asks for it, on a line of its own."""
    secret = account["one_time_secret"]
    return f"\n  {'':16} one-time codes from {secret}, or {account['recovery_code']}" if secret else ""


if __name__ == "__main__":
    main()
