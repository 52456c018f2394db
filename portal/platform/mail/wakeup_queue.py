"""The queue that wakes the worker. Holds no mail, and nothing depends on it.

Mails are rows of the outbox. A request that queued one wakes the worker, which otherwise looks at
intervals.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from huey.api import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import ConnectionPool, PostgresStorage, RedisStorage, SqliteStorage

from portal.platform.kernel.settings import Settings

log = structlog.get_logger("portal")

QUEUE_NAME = "portal"
QUEUE_TIMEOUT = 2  # seconds for the queue to answer
LISTEN_TIMEOUT = 5  # seconds that the worker waits for Redis: must exceed its blocking read of 1 s
FAILURE_PAUSE = 30  # seconds without attempts after a failure


class PlainSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Tasks as JSON: unpickling would run code of whoever can write to the queue."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class WakeupQueue:
    """The configured huey queue with one task. Raises the storage's errors when opened."""

    def __init__(
        self, settings: Settings, make_round: Callable[[], None], timeout: float = QUEUE_TIMEOUT
    ) -> None:
        storage = _build_storage_options(settings, timeout)
        self.huey = Huey(QUEUE_NAME, results=False, serializer=PlainSerializer(), **storage)

        def task() -> None:
            make_round()

        self._task = self.huey.task(name="make_round")(task)

    def wake(self) -> None:
        """Enqueue the task unless one waits: its round will see what is committed by now."""
        if not self.huey.storage.queue_size():
            self._task()

    def close(self) -> None:
        self.huey.storage.close()


def _build_storage_options(settings: Settings, timeout: float) -> dict[str, Any]:
    url = settings.queue_url
    if url.startswith("postgresql"):
        limits = {"connect_timeout": QUEUE_TIMEOUT, "tcp_user_timeout": LISTEN_TIMEOUT * 1000}
        return {"storage_class": PostgresStorage, "dsn": url, **limits}
    if url:
        pool = ConnectionPool.from_url(url, socket_connect_timeout=QUEUE_TIMEOUT, socket_timeout=timeout)
        return {"storage_class": RedisStorage, "connection_pool": pool}
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return {
        "storage_class": SqliteStorage,
        "filename": str(settings.data_dir / "queue.db"),
        "fsync": False,  # losing a wake-up is harmless
        "timeout": QUEUE_TIMEOUT,
    }


class WorkerWaker:
    """Wakes the worker from any thread; thread-safe, never raises."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._queue: WakeupQueue | None = None  # opened at the first use: never before a fork
        self._silent_until = 0.0

    def wake_worker(self) -> None:
        """Wake the worker. Errors are logged only: the worker will find the mail anyway."""
        with self._lock:
            if time.monotonic() < self._silent_until:
                return
            try:
                self._queue = self._queue or WakeupQueue(self._settings, _do_nothing)
                self._queue.wake()
            except Exception as fault:  # noqa: BLE001  depends on the storage
                log.warning("worker not woken", fault=type(fault).__name__)
                self._close_queue()
                self._silent_until = time.monotonic() + FAILURE_PAUSE

    def close(self) -> None:
        with self._lock:
            self._close_queue()

    def _close_queue(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            with suppress(Exception):  # the storage may be broken
                queue.close()


def _do_nothing() -> None:
    """The task of a process that only enqueues."""
