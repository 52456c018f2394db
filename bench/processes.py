"""Pages a second of one web process and of two, on the same cores, and the disk that a team takes."""

import sqlalchemy as sa

from bench import serving
from bench.load import Run
from bench.measure import Plan, drive
from bench.output import Report
from bench.pages import Visitor, all_of
from bench.serving import Base
from portal.platform.kernel.database import db

CLIENTS = 8
PAGES = ("portfolio", "sprint", "figures")


def report_processes(report: Report, kind: str, plan: Plan, base: Base) -> None:
    """Measure both in turn; a second process doubles at most what there are cores for."""
    pages = [page for page in all_of(Visitor(base), base.cast) if page.name in PAGES]
    rates: dict[str, list[float]] = {page.name: [] for page in pages}
    work: dict[str, float] = {}
    for count in (1, 2):
        with serving.serve(base, WEB_CONCURRENCY=str(count)) as portal:
            for page in pages:
                run = Run()
                for turn in range(plan.rounds + 1):
                    again = drive(portal, min(CLIENTS, max(plan.clients)), plan, page.portal, page.status)
                    if turn:  # the first one fills caches
                        run.add(again)
                rates[page.name].append(round(run.rate, 1))
                work[page.name] = round(run.work, 2)
    size = _measure_disk(base)
    report.keep(kind, "processes", {"rates": rates, "work_ms": work, "disk_bytes": size, "teams": base.teams})
    report.say("\npages a second of one web process and of two")
    for name, (single, double) in rates.items():
        times = f"× {double / single:.2f}; {work[name]} ms of processor time each"
        report.say(f"  {name:10} {single:>8} and {double:>8}, {times}")
    report.say(f"  the database takes {size / 1e6:.1f} MB on disk, {size / base.teams / 1000:.0f} kB a team")


def _measure_disk(base: Base) -> int:
    """Bytes of the database, indexes and all."""
    app = Visitor(base).app
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            pages = db.session.scalar(sa.text("PRAGMA page_count"))
            size = pages * db.session.scalar(sa.text("PRAGMA page_size"))
        else:
            size = db.session.scalar(sa.text("SELECT pg_database_size(current_database())"))
        db.session.remove()
        db.engine.dispose()
    return int(size)
