"""What the worker tells about itself: one row a process, written at most once a minute.

An administrator reads there that it works, when each job last did something, and its last fault.
"""

import socket
import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity, separate_transaction
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.version import version

WRITE_PAUSE = timedelta(minutes=1)
SILENT_AFTER = timedelta(minutes=5)  # a worker that reports no more is taken for stopped
FORGOTTEN_AFTER = timedelta(days=2)
NAME_MAX = 80


class WorkerReport(Entity):
    """A process of the worker. `jobs` maps the name of a job to its last run, amount and fault."""

    __tablename__ = "worker_report"

    host: Mapped[str] = mapped_column(String(NAME_MAX))
    version: Mapped[str] = mapped_column(String(NAME_MAX))
    reported_at: Mapped[datetime]
    jobs: Mapped[dict[str, Any]] = mapped_column(JSON)


class WorkLog:
    """Notes in memory what each job did, from any thread; `write` stores it now and then."""

    def __init__(self) -> None:
        self._id = new_id()
        self._started_at = clock.now()
        self._written_at = self._started_at - WRITE_PAUSE
        self._jobs: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    @property
    def report_id(self) -> UUID:
        return self._id

    def note(self, name: str, amount: int, fault: str = "") -> None:
        """Note a run: how much it did, and the class of what went wrong ("" for nothing)."""
        now = clock.now().isoformat()
        with self._lock:
            job = self._jobs.setdefault(name, {"runs": 0, "amount": 0})
            job |= {"runs": job["runs"] + 1, "at": now, "amount": job["amount"] + amount}
            if amount:
                job["worked_at"] = now
            if fault:
                job |= {"fault": fault, "fault_at": now}

    def write(self) -> bool:
        """Store the notes unless they were a minute ago; tells whether it did. Raises `DBAPIError`."""
        now = clock.now()
        with self._lock:
            if now - self._written_at < WRITE_PAUSE:
                return False
            self._written_at = now
            jobs = {name: dict(job) for name, job in self._jobs.items()}
        with separate_transaction() as session:
            session.execute(
                sa.delete(WorkerReport).where(
                    (WorkerReport.id == self._id) | (WorkerReport.reported_at < now - FORGOTTEN_AFTER)
                )
            )
            host = socket.gethostname()[:NAME_MAX]
            row = {"id": self._id, "created_at": self._started_at, "reported_at": now}
            session.execute(sa.insert(WorkerReport).values(**row, host=host, version=version(), jobs=jobs))
        return True
