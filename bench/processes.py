"""Pages a second of one web process and of two, on the same cores."""

from bench import serving
from bench.load import Run
from bench.measure import Plan, drive
from bench.output import Report
from bench.pages import Visitor, all_of
from bench.serving import Base

CLIENTS = 8
PAGES = ("portfolio", "sprint", "figures")


def report_processes(report: Report, kind: str, plan: Plan, base: Base) -> None:
    """Measure both in turn; a second process doubles at most what there are cores for."""
    pages = [page for page in all_of(Visitor(base), base.cast) if page.name in PAGES]
    rates: dict[str, list[float]] = {page.name: [] for page in pages}
    for count in (1, 2):
        with serving.serve(base, WEB_CONCURRENCY=str(count)) as portal:
            for page in pages:
                run = Run()
                for turn in range(plan.rounds + 1):
                    again = drive(portal, min(CLIENTS, max(plan.clients)), plan, page.portal, page.status)
                    if turn:  # the first one fills caches
                        run.add(again)
                rates[page.name].append(round(run.rate, 1))
    report.keep(kind, "processes", rates)
    report.say("\npages a second of one web process and of two")
    for name, (single, double) in rates.items():
        report.say(f"  {name:10} {single:>8} and {double:>8}, × {double / single:.2f}")
