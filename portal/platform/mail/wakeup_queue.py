"""The queue that wakes the worker: it holds no letter, and nothing depends on it.

Letters are rows of the outbox. A request that queued one rings; a worker that is awake makes a
round, and makes one now and then anyway.
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
LISTEN_TIMEOUT = 5  # seconds, when the worker waits for Redis to say something: it asks for one
FAILURE_PAUSE = 30  # seconds during which a queue that failed is left alone


class PlainSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Tasks as JSON: whoever could write into the queue must not run code through it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class WakeupQueue:
    """The queue that was chosen, with one task. Opened at once: raises what its storage raises."""

    def __init__(
        self, settings: Settings, make_round: Callable[[], None], patience: float = QUEUE_TIMEOUT
    ) -> None:
        storage = _storage(settings, patience)
        self.huey = Huey(QUEUE_NAME, results=False, serializer=PlainSerializer(), **storage)

        def task() -> None:
            make_round()

        self._task = self.huey.task(name="make_round")(task)

    def wake(self) -> None:
        """One task that waits is enough: its round begins after whatever was committed by now."""
        if not self.huey.storage.queue_size():
            self._task()

    def close(self) -> None:
        self.huey.storage.close()


def _storage(settings: Settings, patience: float) -> dict[str, Any]:
    url = settings.queue_url
    if url.startswith("postgresql"):
        limits = {"connect_timeout": QUEUE_TIMEOUT, "tcp_user_timeout": LISTEN_TIMEOUT * 1000}
        return {"storage_class": PostgresStorage, "dsn": url, **limits}
    if url:
        pool = ConnectionPool.from_url(
            url, socket_connect_timeout=QUEUE_TIMEOUT, socket_timeout=patience
        )
        return {"storage_class": RedisStorage, "connection_pool": pool}
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return {
        "storage_class": SqliteStorage,
        "filename": str(settings.data_dir / "queue.db"),
        "fsync": False,  # the letter waits for the disk, its wake-up need not
        "timeout": QUEUE_TIMEOUT,
    }


class WorkerWaker:
    """Wakes the worker, from any thread, in a moment or not at all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._queue: WakeupQueue | None = None  # opened at the first ring: never before a fork
        self._silent_until = 0.0

    def wake_worker(self) -> None:
        """Whatever goes wrong is logged: the letter is kept, and will be found."""
        with self._lock:
            if time.monotonic() < self._silent_until:
                return
            try:
                self._queue = self._queue or WakeupQueue(self._settings, _do_nothing)
                self._queue.wake()
            except Exception as broken:  # noqa: BLE001  whatever the queue is made of
                log.warning("worker not woken", fault=type(broken).__name__)
                self._close_queue()
                self._silent_until = time.monotonic() + FAILURE_PAUSE

    def close(self) -> None:
        with self._lock:
            self._close_queue()

    def _close_queue(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            with suppress(Exception):  # it may be what is broken
                queue.close()


def _do_nothing() -> None:
    """What a round is to those who only ring."""
