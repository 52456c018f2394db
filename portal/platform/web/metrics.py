"""Counts and times for whoever watches, at `/metrics`, over all processes of this machine.

A request adds to memory only; the database is asked when somebody reads. Labels are few and known
beforehand: endpoint, method and status, never an address, a name or a path's values.

Under gunicorn, processes add up in files of one folder (`gunicorn.conf.py` makes it), named by the
worker's place, not by its pid: a worker that takes another's place goes on counting where that one
stopped. Nothing is forgotten and no file is left over, however often workers are replaced.
"""

import hmac
import os
import platform
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.engine import Engine

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.outbox_backlog import read_outbox_backlog
from portal.platform.kernel.version import version
from portal.platform.web import request_log

log = structlog.get_logger("portal")

bp = Blueprint("metrics", __name__)

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for the shared folder
UNMATCHED = "none"
DURATION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP")

Measure = Callable[[], float]
_worker_name = "master"


class RequestMetrics:
    """What an application counts. `measures` are asked at each reading: name → (help, how)."""

    def __init__(self, measures: dict[str, tuple[str, Measure]]) -> None:
        self.measures = measures
        self.is_shared = FOLDER in os.environ
        if self.is_shared:
            values.ValueClass = values.MultiProcessValue(lambda: _worker_name)  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "portal_requests",
            "Requests answered.",
            ["endpoint", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "portal_request_seconds",
            "Time from a request's arrival to its answer.",
            ["endpoint"],
            buckets=DURATION_BUCKETS,
            registry=self.registry,
        )
        self.in_use = Gauge(
            "portal_database_connections_in_use",
            "Connections to the database that a request holds.",
            multiprocess_mode="sum",
            registry=self.registry,
        )
        self.limit = Gauge(
            "portal_database_connections_limit",
            "Connections that the processes may hold together.",
            multiprocess_mode="sum",
            registry=self.registry,
        )

    def read(self) -> bytes:
        """Everything, in Prometheus' text format."""
        registry = CollectorRegistry() if self.is_shared else self.registry
        if self.is_shared:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        moment = CollectorRegistry()
        moment.register(_CurrentMetrics(self.measures))
        return generate_latest(registry) + generate_latest(moment)


class _CurrentMetrics(Collector):
    """What is true at the moment of reading. A database that is down leaves its part out."""

    def __init__(self, measures: dict[str, tuple[str, Measure]]) -> None:
        self.measures = measures

    def describe(self) -> list[Metric]:
        return []  # else registering would read the database

    def collect(self) -> Iterator[Metric]:
        about = GaugeMetricFamily(
            "portal_build_info", "Which portal this is.", labels=["version", "python", "database"]
        )
        dialect = db.engine.dialect.name
        about.add_metric([version(), platform.python_version(), dialect], 1)
        yield about
        try:
            measured = list(self._read_database())
        except sa.exc.SQLAlchemyError:
            db.session.rollback()
            measured = []
        yield GaugeMetricFamily(
            "portal_database_up", "Whether the database answered.", value=float(bool(measured))
        )
        yield from measured

    def _read_database(self) -> Iterator[Metric]:
        backlog = read_outbox_backlog()
        yield GaugeMetricFamily(
            "portal_outbox_waiting", "Letters to send.", value=float(backlog.waiting)
        )
        yield GaugeMetricFamily(
            "portal_outbox_oldest_seconds",
            "Age of the oldest letter that waits; 0 when none does.",
            value=backlog.oldest_seconds,
        )
        yield GaugeMetricFamily(
            "portal_outbox_given_up",
            "Letters that were tried too often, and wait for a person.",
            value=float(backlog.given_up),
        )
        for name, (help_, measure) in self.measures.items():
            yield GaugeMetricFamily(name, help_, value=measure())


def init_app(app: Flask, measures: dict[str, tuple[str, Measure]]) -> None:
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a moment per series: nobody asks
    meters = RequestMetrics(measures)
    app.extensions["meters"] = meters
    with app.app_context():
        _watch_pool(db.engine, meters)

    @app.after_request
    def count(response: Response) -> Response:
        try:
            _count(response, meters)
        except OSError as gone:  # the counts' folder: a number is not worth somebody's page
            log.error("not counted", kind=type(gone).__name__)
        return response


def _count(response: Response, meters: RequestMetrics) -> None:
    endpoint = request.endpoint or UNMATCHED
    method = request.method if request.method in _METHODS else "other"
    meters.requests.labels(endpoint, method, str(response.status_code)).inc()
    took = request_log.elapsed_seconds()
    if took is not None:
        meters.seconds.labels(endpoint).observe(took)


def _watch_pool(engine: Engine, meters: RequestMetrics) -> None:
    @sa.event.listens_for(engine, "checkout")
    def count_checkout(*_: Any) -> None:
        meters.in_use.inc()

    @sa.event.listens_for(engine, "checkin")
    def count_checkin(*_: Any) -> None:
        meters.in_use.dec()

    if not meters.is_shared:
        _reset_pool_gauges(engine, meters)


def _reset_pool_gauges(engine: Engine, meters: RequestMetrics) -> None:
    meters.in_use.set(0)
    pool = engine.pool
    if isinstance(pool, sa.QueuePool):
        meters.limit.set(pool.size() + pool._max_overflow)


def set_worker_place(place: int, app: Flask) -> None:
    """Count as the worker of this place from now on. Call it in the worker, after the fork."""
    global _worker_name  # noqa: PLW0603  a process has one place
    _worker_name = f"worker{place}"
    with app.app_context():
        _reset_pool_gauges(db.engine, app.extensions["meters"])


@bp.get("/metrics")
def scrape() -> Response:
    """For Prometheus, with the token; on this machine alone when there is none."""
    if not _may_read(current_app.extensions["settings"].metrics_token):
        raise NotFound
    meters: RequestMetrics = current_app.extensions["meters"]
    return Response(meters.read(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(token: str) -> bool:
    if token:
        authorization = request.headers.get("Authorization", "")
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    # A proxy on this machine comes from here too, but it says for whom it asks.
    if any(name in request.headers for name in _FORWARDED):
        return False
    peer = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR")
    try:
        return ip_address(peer or "").is_loopback
    except ValueError:  # a socket file has no address
        return False
