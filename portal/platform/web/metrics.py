"""Prometheus metrics of all processes of this machine, at `/metrics`.

Requests count in memory; the database is queried when metrics are scraped. Labels are bounded:
endpoint, method and status, never an address, a name or a URL parameter.

Under gunicorn the processes share the files of one folder (created by `gunicorn.conf.py`), named by
the worker's slot, not by its pid: a replacement worker goes on counting in its predecessor's files,
so no count is lost and no file is left over.
"""

import hmac
import os
import platform
from collections.abc import Callable, Iterator, Mapping
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
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.version import version
from portal.platform.web import request_log

log = structlog.get_logger("portal")

bp = Blueprint("metrics", __name__)

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's environment variable for the shared folder
UNMATCHED = "none"
DURATION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP")

Measure = Callable[[], float]
_worker_name = "master"


class RequestMetrics:
    """The counters of an application. `measures` are read at each scrape: name → (help, get)."""

    def __init__(self, measures: Mapping[str, tuple[str, Measure]]) -> None:
        self.measures = measures
        self.is_shared = FOLDER in os.environ
        if self.is_shared:
            values.ValueClass = values.MultiProcessValue(lambda: _worker_name)  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "portal_requests", "Requests answered.", ["endpoint", "method", "status"], registry=self.registry
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
        """All metrics in Prometheus' text format."""
        registry = CollectorRegistry() if self.is_shared else self.registry
        if self.is_shared:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        current = CollectorRegistry()
        current.register(_CurrentMetrics(self.measures))
        return generate_latest(registry) + generate_latest(current)


class _CurrentMetrics(Collector):
    """Gauges computed at each scrape. Database gauges are left out while the database is down."""

    def __init__(self, measures: Mapping[str, tuple[str, Measure]]) -> None:
        self.measures = measures

    def describe(self) -> list[Metric]:
        return []  # otherwise registering would query the database

    def collect(self) -> Iterator[Metric]:
        build_info = GaugeMetricFamily(
            "portal_build_info", "Which portal this is.", labels=["version", "python", "database"]
        )
        dialect = db.engine.dialect.name
        build_info.add_metric([version(), platform.python_version(), dialect], 1)
        yield build_info
        try:
            database_metrics = list(self._read_database())
        except sa.exc.SQLAlchemyError:
            db.session.rollback()
            database_metrics = []
        yield GaugeMetricFamily(
            "portal_database_up", "Whether the database answered.", value=float(bool(database_metrics))
        )
        yield from database_metrics

    def _read_database(self) -> Iterator[Metric]:
        backlog = read_outbox_backlog()
        yield GaugeMetricFamily("portal_outbox_waiting", "Letters to send.", value=float(backlog.waiting))
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


def init_app(app: Flask, measures: Mapping[str, tuple[str, Measure]]) -> None:
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a creation time per series is of no use
    meters = RequestMetrics(measures)
    app.extensions["meters"] = meters
    with app.app_context():
        _watch_pool(db.engine, meters)

    @app.after_request
    def count(response: Response) -> Response:
        try:
            _count_response(response, meters)
        except OSError as fault:  # of the metrics folder: must not fail the request
            log.error("not counted", kind=type(fault).__name__)
        return response


def _count_response(response: Response, meters: RequestMetrics) -> None:
    endpoint = request.endpoint or UNMATCHED
    method = request.method if request.method in _METHODS else "other"
    meters.requests.labels(endpoint, method, str(response.status_code)).inc()
    seconds = request_log.elapsed_seconds()
    if seconds is not None:
        meters.seconds.labels(endpoint).observe(seconds)


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


def set_worker_metrics_slot(place: int, app: Flask) -> None:
    """Count in the files of this worker slot. Called in the worker after the fork."""
    global _worker_name  # noqa: PLW0603  one slot per process
    _worker_name = f"worker{place}"
    with app.app_context():
        _reset_pool_gauges(db.engine, app.extensions["meters"])


@bp.get("/metrics")
def serve_metrics() -> Response:
    """Metrics for Prometheus: with METRICS_TOKEN, or without a token from this machine only."""
    if not _may_read_metrics(get_service(Settings).metrics_token):
        raise NotFound
    meters: RequestMetrics = current_app.extensions["meters"]
    return Response(meters.read(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read_metrics(token: str) -> bool:
    if token:
        authorization = request.headers.get("Authorization", "")
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    # A proxy on this machine connects from a loopback address too, but sets these headers.
    if any(name in request.headers for name in _FORWARDED):
        return False
    peer = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR")
    try:
        return ip_address(peer or "").is_loopback
    except ValueError:  # a Unix socket has no address
        return False
