"""Configuration of gunicorn, from the environment variables.

No request fails during a reload or a stop. gunicorn by itself loses some: with a socket per worker
(`reuse_port`), connections in the accept queue of a stopping worker are reset when it closes.
"""

import fcntl
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn import glogging
from gunicorn.workers.gthread import ThreadWorker

from portal.platform.kernel import listening, settings

MEMORY = Path("/dev/shm")  # noqa: S108  a memory file system: heartbeats must not wait for a disk

app_settings = settings.load_settings_or_exit(os.environ)
bind = listening.list_addresses_with_port(app_settings.bind, app_settings.port)
workers = app_settings.web_workers
threads = app_settings.web_threads
reuse_port = True  # otherwise one worker may accept every kept-alive connection
preload_app = True
timeout = 60
limit_request_line = 8190  # longer than ADDRESS_MAX, so that the portal answers with its own page
graceful_timeout = 30
keepalive = 5
# Workers restart after this many requests, at different times; a single worker never does, because
# no other would serve meanwhile.
max_requests, max_requests_jitter = (5000, 2500) if workers > 1 else (0, 0)
control_socket_disable = True  # its default path is shared by all instances of one user
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

HANDOVER = 1.0  # seconds that a stopping worker goes on accepting, until its successor listens
DRAIN_MAX = 64 * 1024  # bytes of an unread body that gunicorn drains to keep a connection alive
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}


class worker_class(ThreadWorker):  # noqa: N801  the name of a setting
    """Threads; serves its accept queue to the end, and announces closed connections."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi = close_after_unread_body(self.wsgi)

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled and not self.alive:
            self._hand_over()
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._close_accept_queue()

    def _hand_over(self) -> None:
        until = time.monotonic() + HANDOVER
        while time.monotonic() < until:
            self.notify()
            self.wait_for_and_dispatch_events(timeout=0.1)

    def _close_accept_queue(self) -> None:
        """Accept what waits, then close the sockets: later connections go to another worker."""
        for listener in self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def is_parent_alive(self) -> bool:
        """A worker whose master died stops gracefully."""
        if not super().is_parent_alive():
            self.alive = False
        return bool(self.alive)


class logger_class(glogging.Logger):  # noqa: N801  the name of a setting
    """Fills in the addresses of "Listening at:", which gunicorn leaves empty with `reuse_port`."""

    def info(self, msg: str, *args: Any, **options: Any) -> None:
        if msg.startswith("Listening at") and args and not args[0]:
            args = (", ".join(f"http://{address}" for address in bind), *args[1:])
        super().info(msg, *args, **options)


def close_after_unread_body(app: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a WSGI application: `Connection: close` when gunicorn closes after an unread body.

    gunicorn drains at most `DRAIN_MAX` of it and closes otherwise, but has sent `keep-alive` by
    then. `Response.force_close` is what gunicorn's own workers call.
    """

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            reader = environ["wsgi.input"].reader
            unread = getattr(reader, "length", DRAIN_MAX + 1 if status.startswith("413") else 0)
            if unread > DRAIN_MAX:
                start_response.__self__.force_close()
            return start_response(status, headers, exc_info)

        return app(environ, start)

    return call


def on_starting(_server: Any) -> None:
    """Block stop signals while a worker is forked, until it has its own signal handlers.

    Otherwise it would inherit the master's handlers, miss the signal and be killed 30 s later.
    """
    _require_storage()
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING),
    )


def _require_storage() -> None:
    """Exit when the file storage refuses to work; warn when it is only unreachable."""
    from portal.platform.storage.intake import build_storage
    from portal.platform.storage.storage import StorageAway, StorageRefused

    try:
        build_storage(app_settings).check()
    except StorageRefused as refused:
        sys.exit(f"Attached files cannot be kept: {refused}.")
    except StorageAway as away:
        sys.stderr.write(f"Attached files cannot be kept for now: {away}.\n")


def _metrics_folder() -> str:
    """The folder of the workers' metrics: one per master, deleted at its end.

    This file is read again at a reload (same master, same folder) and by a new master that replaces
    an old one (another folder). Master and workers hold a shared lock on the folder; a folder
    without a lock, whose master was killed, is deleted.
    """
    parent = Path(worker_tmp_dir or tempfile.gettempdir())
    prefix = f"portal-counts-{os.getpid()}-"
    current = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if Path(current).name.startswith(prefix) and Path(current).is_dir():
        return current
    for old in parent.glob("portal-counts-*-*"):
        _remove_unless_held(old)
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=parent))
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_SH)  # inherited by the workers
    return str(folder.rename(parent / f"{prefix}{folder.name.removeprefix('portal-')}"))


def _remove_unless_held(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # deleted meanwhile, or of another user
        return
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics_folder()  # before the application is loaded


def when_ready(_server: Any) -> None:
    """Compile the template macros before the first fork, so that workers share them."""
    from portal.platform.web import fragment_cache
    from wsgi import app

    fragment_cache.compile_macros(app)


def pre_fork(server: Any, worker: Any) -> None:
    """Assign a slot to each worker; a replacement continues its predecessor's metrics files."""
    used_places = {running.place for running in server.WORKERS.values()}
    worker.place = min(set(range(len(used_places) + 1)) - used_places)


def post_fork(_server: Any, worker: Any) -> None:
    """Discard database connections that were opened before the fork."""
    from portal.platform.kernel.database import db
    from portal.platform.web import metrics
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
    metrics.set_worker_metrics_slot(worker.place, app)


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_worker_init(_worker: Any) -> None:
    from portal.platform.kernel import running_versions
    from wsgi import app

    running_versions.start_noting_running_version(app, running_versions.WEB)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
