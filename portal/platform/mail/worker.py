"""The worker process: sends mails and runs jobs, woken by the queue or at intervals.

Needs only the database, and waits while it is away. Without the queue, mails leave a little later.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from types import FrameType
from typing import Any, cast

import structlog
from flask import Flask
from huey.consumer import Consumer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.platform.kernel import clock, engines, outbox
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import transport
from portal.platform.mail.reports import WorkLog
from portal.platform.mail.sending import MailRound
from portal.platform.mail.wakeup_queue import LISTEN_TIMEOUT, WakeupQueue

log = structlog.get_logger("portal")

THREADS = 2
RETENTION = timedelta(days=90)  # of sent mails and more; stated on the privacy page
CLEANUP_INTERVAL = timedelta(hours=6)
ROUND_INTERVAL = 15  # seconds, without a wake-up
RETRY_PAUSE = 2  # seconds after a round without the database
POLL_INTERVAL = 1.0  # seconds, for a queue without notifications
SHUTDOWN_GRACE = 25  # seconds to finish mails after a signal to stop
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


CleanupChore = Callable[[datetime], int]  # deletes what is older; returns how many
Job = Callable[[], int]  # does all pending work of a kind; returns how much


def run_worker(
    app: Flask, chores: Sequence[CleanupChore] = (outbox.delete_sent_letters,), jobs: Sequence[Job] = ()
) -> None:
    """Send mails until a signal to stop, which lets mails in progress finish.

    Each round also runs the jobs, and every `CLEANUP_INTERVAL` the chores; errors are logged only.
    """
    stop, due = threading.Event(), threading.Event()  # due: a round is needed early
    handle_signal = _install_signal_handlers(stop, due)
    settings = get_service(Settings, app)
    _redirect_huey_log()
    with app.app_context():
        engines.forbid_creating_database(db.engine)
    notes = WorkLog()
    make_round = _make_round_function(settings, stop, partial(_run_and_note_job, app, due, notes), jobs)
    log.info("worker started", threads=THREADS)
    consumer: Consumer | None = None
    cleanup_at = clock.now()
    while not stop.is_set():
        consumer = consumer or _start_consumer(settings, make_round, handle_signal)
        if consumer is not None:
            consumer.check_worker_health()
        make_round()
        if clock.now() >= cleanup_at:
            for chore in chores:
                _run_and_note_job(
                    app, due, notes, partial(chore, clock.now() - RETENTION), _job_name_of(chore)
                )
            cleanup_at = clock.now() + CLEANUP_INTERVAL
        _run_and_note_job(app, due, notes, notes.write, "report")
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
    """Install and return a signal handler, after which a thread sets both events.

    A handler that sets an event itself would deadlock when its thread holds the event's lock;
    `SimpleQueue.put` is reentrant.
    """
    signals: SimpleQueue[int] = SimpleQueue()

    def wait_for_signal() -> None:
        signals.get()
        stop.set()
        due.set()

    def handle_signal(signum: int, _frame: FrameType | None) -> None:
        signals.put(signum)

    threading.Thread(target=wait_for_signal, name="signals", daemon=True).start()
    for number in SIGNALS:
        signal.signal(number, handle_signal)
    return handle_signal


def _make_round_function(
    settings: Settings,
    stop: threading.Event,
    run: Callable[[Job, str], None],
    jobs: Sequence[Job],
) -> Callable[[], None]:
    mail_transport = transport.choose_transport(settings)

    def make_round() -> None:
        for job in (MailRound(mail_transport, stop).run, *jobs):
            if not stop.is_set():
                run(job, _job_name_of(job))

    return make_round


def _job_name_of(job: Callable[..., object]) -> str:
    """The name of a job in reports: that of its function, without what encloses it."""
    return getattr(job, "__qualname__", type(job).__name__).rpartition("<locals>.")[2]


def _run_and_note_job(
    app: Flask, due: threading.Event, notes: WorkLog, job: Callable[[], object], name: str
) -> None:
    """Run a job and note it; log any error, and make the next round due early without the database."""
    amount, fault = 0, ""
    try:
        with app.app_context():
            amount = int(cast(int, job() or 0))
    except (DBAPIError, PoolTimeout) as away:
        log.warning("database", fault=type(away).__name__)
        due.set()
        fault = type(away).__name__
    except Exception as failed:  # noqa: BLE001  the worker must go on
        fault = type(failed).__name__
        log.error("round", fault=fault)
    notes.note(name, amount, fault)


def _start_consumer(
    settings: Settings, make_round: Callable[[], None], handle_signal: Callable[..., None]
) -> Consumer | None:
    """Start the threads that consume the queue; None while it cannot be opened."""
    try:
        queue = WakeupQueue(settings, make_round, LISTEN_TIMEOUT)
    except Exception as away:  # noqa: BLE001  depends on the storage
        log.warning("queue", fault=type(away).__name__)
        return None
    consumer = Consumer(
        queue.huey,
        workers=THREADS,
        periodic=False,  # due times are stored in the outbox
        max_delay=POLL_INTERVAL,
        scheduler_interval=60,
        shutdown_timeout=SHUTDOWN_GRACE,
    )
    consumer.start()
    for number in SIGNALS:  # huey installed its own, which abort running tasks at SIGTERM
        signal.signal(number, handle_signal)
    return consumer


class _HueyLogHandler(logging.Handler):
    """Logs huey's warnings as JSON: the message template without its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        fault: Any = record.exc_info[0] if record.exc_info else None
        log.warning("queue", said=str(record.msg), fault=fault.__name__ if fault else None)


def _redirect_huey_log() -> None:
    logger = logging.getLogger("huey")
    logger.handlers, logger.propagate = [_HueyLogHandler(logging.WARNING)], False
