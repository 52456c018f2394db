"""Writers and readers at work while something happens to the portal; what they were answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.support import writers

READERS = 4
PAUSE = 0.08  # seconds between two requests of a client, to leave CPU for the portal


class Load:
    """Writers and readers with keep-alive connections, and readers with new connections."""

    def __init__(
        self, open_client: Callable[[], httpx.Client], emails: Sequence[str], pause: float = PAUSE
    ) -> None:
        self.writers = [writers.Writer(open_client(), n, email) for n, email in enumerate(emails)]
        self.counts: Counter[int | str] = Counter()
        self._open_client = open_client
        self._over, self._pause = threading.Event(), pause

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(len(self.writers) + READERS) as pool:
            jobs = [pool.submit(self._write, writer) for writer in self.writers]
            jobs += [pool.submit(self._read, kept_alive=bool(n % 2)) for n in range(READERS)]
            try:
                yield
            finally:
                self._over.set()
            for job in jobs:
                job.result()
        for writer in self.writers:
            self.counts += writer.told.statuses
            writer.client.close()

    @property
    def failed(self) -> dict[int | str, int]:
        return {status: n for status, n in self.counts.items() if status not in {200, 303}}

    @property
    def acknowledged(self) -> list[str]:
        return sorted(text for writer in self.writers for text in writer.told.acknowledged)

    def _write(self, writer: writers.Writer) -> None:
        n = 0
        while not self._over.is_set():
            writer.comment(n, stubborn=False)
            n += 1
            time.sleep(self._pause)

    def _read(self, *, kept_alive: bool) -> None:
        client = self._open_client()
        close = {} if kept_alive else {"Connection": "close"}
        statuses: Counter[int | str] = Counter()
        while not self._over.is_set():
            try:
                statuses[client.get("/sign-in", headers=close).status_code] += 1
            except httpx.TransportError as cut:
                statuses[type(cut).__name__] += 1
            time.sleep(self._pause)
        client.close()
        self.counts += statuses
