"""The process that sends letters and does what waits: woken by the queue, and by itself.

It needs the database and nothing else. While the database is away it waits; while the queue is,
letters only leave a little later.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from huey.consumer import Consumer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.platform.kernel import clock, engines, outbox
from portal.platform.kernel.database import db
from portal.platform.kernel.settings import Settings
from portal.platform.mail import transport
from portal.platform.mail.sending import MailRound
from portal.platform.mail.wakeup_queue import LISTEN_TIMEOUT, WakeupQueue

log = structlog.get_logger("portal")

THREADS = 2
RETENTION = timedelta(days=90)  # letters that left, and more; the privacy page says so
CLEANUP_INTERVAL = timedelta(hours=6)
ROUND_INTERVAL = 15  # seconds, when nothing wakes it
RETRY_PAUSE = 2  # seconds after a round that the database was not there for
POLL_INTERVAL = 1.0  # seconds, at a queue that cannot call
SHUTDOWN_GRACE = 25  # seconds for the letters under way, once told to stop
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


CleanupChore = Callable[[datetime], int]  # forgets what is older than a moment; how much that was


Job = Callable[[], int]  # does all of a kind that waits; how much that was


def run_worker(
    app: Flask,
    chores: Sequence[CleanupChore] = (outbox.delete_sent_letters,),
    jobs: Sequence[Job] = (),
) -> None:
    """Send letters until told to stop (SIGTERM, SIGINT): letters under way are finished first.

    Each round does the jobs besides, and now and then the chores, whatever becomes of any of them.
    """
    stop, due = threading.Event(), threading.Event()  # due: a round comes before its time
    handle_signal = _install_signal_handlers(stop, due)
    settings: Settings = app.extensions["settings"]
    _redirect_huey_log()
    with app.app_context():
        engines.forbid_creating_database(db.engine)
    make_round = _make_round_function(app, settings, stop, due, jobs)
    log.info("worker started", threads=THREADS)
    consumer: Consumer | None = None
    clears_at = clock.now()
    while not stop.is_set():
        consumer = consumer or _start_consumer(settings, make_round, handle_signal)
        if consumer is not None:
            consumer.check_worker_health()
        make_round()
        if clock.now() >= clears_at:
            for chore in chores:
                _run_logging_faults(app, partial(chore, clock.now() - RETENTION), due)
            clears_at = clock.now() + CLEANUP_INTERVAL
        if due.wait(ROUND_INTERVAL):
            due.clear()
            stop.wait(RETRY_PAUSE)
    if consumer is not None:
        consumer.stop(graceful=True)
        consumer.huey.storage.close()
    with app.app_context():
        db.engine.dispose()
    log.info("worker stopped")


def _install_signal_handlers(stop: threading.Event, due: threading.Event) -> Callable[..., None]:
    """What is called on a signal; a thread then sets both.

    A handler that sets an event itself would wait for ever where the signal comes while its own
    thread holds the event's lock. A simple queue may be put into at any moment.
    """
    heard: SimpleQueue[int] = SimpleQueue()

    def heed() -> None:
        heard.get()
        stop.set()
        due.set()

    def handle_signal(signum: int, _frame: FrameType | None) -> None:
        heard.put(signum)

    threading.Thread(target=heed, name="signals", daemon=True).start()
    for number in SIGNALS:
        signal.signal(number, handle_signal)
    return handle_signal


def _make_round_function(
    app: Flask,
    settings: Settings,
    stop: threading.Event,
    due: threading.Event,
    jobs: Sequence[Job],
) -> Callable[[], None]:
    post = transport.choose_transport(settings)

    def make() -> None:
        for act in (MailRound(post, stop).run, *jobs):
            if not stop.is_set():
                _run_logging_faults(app, act, due)

    return make


def _run_logging_faults(app: Flask, act: Callable[[], object], due: threading.Event) -> None:
    """Whatever happens, it is said and the worker goes on: the next round is never far."""
    try:
        with app.app_context():
            act()
    except (DBAPIError, PoolTimeout) as away:
        log.warning("database", fault=type(away).__name__)
        due.set()
    except Exception as fault:  # noqa: BLE001  a fault of ours must not end the post for all
        log.error("round", fault=type(fault).__name__)


def _start_consumer(
    settings: Settings, make_round: Callable[[], None], handle_signal: Callable[..., None]
) -> Consumer | None:
    """Threads that wait for the queue to call; None while it cannot be opened."""
    try:
        queue = WakeupQueue(settings, make_round, LISTEN_TIMEOUT)
    except Exception as away:  # noqa: BLE001  whatever the queue is made of
        log.warning("queue", fault=type(away).__name__)
        return None
    consumer = Consumer(
        queue.huey,
        workers=THREADS,
        periodic=False,  # what is due is kept in the outbox, not in the queue
        max_delay=POLL_INTERVAL,
        scheduler_interval=60,
        shutdown_timeout=SHUTDOWN_GRACE,
    )
    consumer.start()
    for number in SIGNALS:  # huey has just set its own, under which SIGTERM drops what is running
        signal.signal(number, handle_signal)
    return consumer


class _HueyLogHandler(logging.Handler):
    """What huey complains of, as a line like the others: its words, never what they were about."""

    def emit(self, record: logging.LogRecord) -> None:
        fault: Any = record.exc_info[0] if record.exc_info else None
        log.warning("queue", said=str(record.msg), fault=fault.__name__ if fault else None)


def _redirect_huey_log() -> None:
    logger = logging.getLogger("huey")
    logger.handlers, logger.propagate = [_HueyLogHandler(logging.WARNING)], False
