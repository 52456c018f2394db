"""How gunicorn serves the portal; every value may be changed by the environment.

A reload or a stop fails no request. gunicorn alone loses some: with a socket for each worker
(`reuse_port`), connections that wait in a stopping worker's queue are reset when it closes.
"""

import fcntl
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from portal.platform.kernel import settings

MEMORY = Path("/dev/shm")  # noqa: S108  a memory file system: no request waits for a disk

chosen = settings.load_or_exit(os.environ)
bind = f"{chosen.bind}:{chosen.port}"
workers = chosen.web_workers
threads = chosen.web_threads
reuse_port = True  # else one worker may take every kept-alive connection
preload_app = True
timeout = 60
limit_request_line = 8190  # longer addresses than the portal takes, so that it says so itself
graceful_timeout = 30
keepalive = 5
# A worker is replaced after so many requests, hardly two at once; one that is alone has nobody to
# stand in for it.
max_requests, max_requests_jitter = (5000, 2500) if workers > 1 else (0, 0)
control_socket_disable = True  # its usual place is shared by all instances of one user
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

HANDOVER = (
    1.0  # seconds that a stopping worker still accepts, so that its successor listens by then
)
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}


class worker_class(ThreadWorker):  # noqa: N801  the name of a setting
    """Threads, and a queue of connections that is served to its end."""

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled and not self.alive:
            self._hand_over()
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._empty_the_queue()

    def _hand_over(self) -> None:
        until = time.monotonic() + HANDOVER
        while time.monotonic() < until:
            self.notify()
            self.wait_for_and_dispatch_events(timeout=0.1)

    def _empty_the_queue(self) -> None:
        """Accept whoever waits, and close at once: the next one goes to another worker."""
        for listener in self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def is_parent_alive(self) -> bool:
        """Without its master a worker stops as if it had been told to."""
        if not super().is_parent_alive():
            self.alive = False
        return bool(self.alive)


def on_starting(_server: Any) -> None:
    """A signal to stop that reaches a worker while it is being made waits until it can be heard.

    Else the worker inherits the master's way of noting it, and is killed half a minute later.
    """
    _demand_storage()
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING),
    )


def _demand_storage() -> None:
    """Where attached files are kept takes them; one that is only away for now may come back."""
    from portal.platform.storage.intake import build_storage
    from portal.platform.storage.storage import StorageAway, StorageRefused

    try:
        build_storage(chosen).check()
    except StorageRefused as refused:
        sys.exit(f"Attached files cannot be kept: {refused}.")
    except StorageAway as away:
        sys.stderr.write(f"Attached files cannot be kept for now: {away}.\n")


def _folder_for_counts() -> str:
    """Where the workers add up what they count: one folder per master, gone when it ends.

    This file is read again at a reload (the same master: the same folder) and by a new master that
    an old one started (another folder). Master and workers hold the folder; what nobody holds any
    more, since its master was killed and its workers stopped, is removed.
    """
    parent = Path(worker_tmp_dir or tempfile.gettempdir())
    mine = f"portal-counts-{os.getpid()}-"
    given = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if Path(given).name.startswith(mine) and Path(given).is_dir():
        return given
    for old in parent.glob("portal-counts-*-*"):
        _remove_unless_held(old)
    made = Path(tempfile.mkdtemp(prefix="portal-", dir=parent))
    fcntl.flock(os.open(made, os.O_RDONLY), fcntl.LOCK_SH)  # workers inherit it; ends with the last
    return str(made.rename(parent / f"{mine}{made.name.removeprefix('portal-')}"))


def _remove_unless_held(folder: Path) -> None:
    try:
        door = os.open(folder, os.O_RDONLY)
    except OSError:  # gone by now, or somebody else's
        return
    with suppress(BlockingIOError):
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    os.close(door)


os.environ["PROMETHEUS_MULTIPROC_DIR"] = _folder_for_counts()  # before the application is loaded


def when_ready(_server: Any) -> None:
    """Before the first worker: what each would compile for its first page, once."""
    from portal.platform.web import fragment_cache
    from wsgi import app

    fragment_cache.compile_macros(app)


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker has a place; who takes a dead one's place goes on counting in its files."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = min(set(range(len(taken) + 1)) - taken)


def post_fork(_server: Any, worker: Any) -> None:
    """A connection opened before the fork must never be used after it."""
    from portal.platform.kernel.database import db
    from portal.platform.web import metrics
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
    metrics.set_worker_place(worker.place, app)


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_worker_init(_worker: Any) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
