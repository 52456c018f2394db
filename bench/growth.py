"""Whether pages over all teams, and one of a team, stay as quick when there are ten times as many teams."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bench import load, serving
from bench.data import Seat
from bench.load import Requests, Run
from bench.measure import Plan, counted, drive
from bench.pages import Visitor
from bench.serving import Base, Server
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers

SPRINTS = 4  # the figures read do not depend on it; rows enough to feel an aggregate
WARMERS = 8  # clients
PAST = timedelta(days=90)  # before today: the day of the past portfolio


def _list_pages() -> dict[str, str]:
    day = clock.today() - PAST
    return {
        "portfolio": "/portfolio",
        "timeline": "/portfolio/timeline",
        "past": f"/portfolio?on={day.isoformat()}",
        "changes": "/portfolio/since",
        "health": "/projects/equipe-0/health",
    }


def measure(plan: Plan, server: sa.URL | None) -> dict[str, Any]:
    """Both sizes in turn, one client: what a reader waits for, and the server's processor time."""
    paths = _list_pages()
    with (
        serving.database(server, teams=plan.growth[0], sprints=SPRINTS) as few,
        serving.database(server, teams=plan.growth[1], sprints=SPRINTS) as many,
        serving.serve(few) as few_served,
        serving.serve(many) as many_served,
    ):
        sizes = ((few, few_served), (many, many_served))
        visitors = {base.teams: Visitor(base) for base, _served in sizes}
        runs: dict[tuple[str, int], Run] = {}
        for base, served in sizes:
            for name, path in paths.items():
                request = _requests(visitors[base.teams], base, name, path)
                load.warm(served.port, WARMERS, plan.warming, request)
        for _ in range(plan.rounds):
            for base, served in sizes:
                for name, path in paths.items():
                    run = drive(served, 1, plan, _requests(visitors[base.teams], base, name, path))
                    runs.setdefault((name, base.teams), Run()).add(run)
        return {
            "few": few.teams,
            "many": many.teams,
            "pages": {name: _compare(name, path, sizes, runs, visitors) for name, path in paths.items()},
            "by_portfolio": {
                name: [
                    round(runs[name, base.teams].work / runs["portfolio", base.teams].work, 2)
                    for base, _served in sizes
                ]
                for name in paths
                if name != "portfolio"
            },
        }


def _seats(base: Base, name: str) -> Sequence[Seat]:
    return base.cast.members[:1] if name == "health" else base.cast.leads


def _requests(visitor: Visitor, base: Base, name: str, path: str) -> Requests:
    return load.in_turn([load.get(path, visitor.cookie(seat)) for seat in _seats(base, name)])


def _compare(
    name: str,
    path: str,
    sizes: Sequence[tuple[Base, Server]],
    runs: Mapping[tuple[str, int], Run],
    visitors: Mapping[int, Visitor],
) -> dict[str, Any]:
    ms = [runs[name, base.teams].percentile(0.5) for base, _served in sizes]
    return {
        "ms": [round(each, 2) for each in ms],
        "slower": round(ms[1] / ms[0], 2),
        "queries": [_count_queries(visitors[base.teams], base, name, path) for base, _served in sizes],
    }


def _count_queries(visitor: Visitor, base: Base, name: str, path: str) -> int:
    """The statements of a page as first asked after something changed."""
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    clear_cached_answers()
    answer = visitor.ask(visitor.cookie(_seats(base, name)[0]), path)
    with visitor.app.app_context():
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200, (path, answer.status_code)
    return counted(sent)
