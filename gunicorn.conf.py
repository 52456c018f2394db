"""How gunicorn serves the portal; every value may be changed by the environment."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
reuse_port = True  # else one worker may take every kept-alive connection
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True  # its usual place is shared by all instances of one user
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a memory file system
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def _folder_for_counts() -> str:
    """Where the workers add up what they count: one folder per master, gone when it ends.

    This file is read again at a reload (the same master: the same folder) and by a new master that
    an old one started (another folder). What a killed master left is removed.
    """
    parent = Path(worker_tmp_dir or tempfile.gettempdir())
    mine = f"portal-counts-{os.getpid()}-"
    given = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if Path(given).name.startswith(mine) and Path(given).is_dir():
        return given
    for old in parent.glob("portal-counts-*-*"):
        if not Path(f"/proc/{old.name.split('-')[2]}").exists() and Path("/proc/self").exists():
            shutil.rmtree(old, ignore_errors=True)
    return tempfile.mkdtemp(prefix=mine, dir=parent)


os.environ["PROMETHEUS_MULTIPROC_DIR"] = _folder_for_counts()  # before the application is loaded


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker has a place; who takes a dead one's place goes on counting in its files."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = min(set(range(len(taken) + 1)) - taken)


def post_fork(_server: Any, worker: Any) -> None:
    """A connection opened before the fork must never be used after it."""
    from portal.kernel.db import db
    from portal.web import metrics
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
    metrics.work_at(worker.place, app)


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
