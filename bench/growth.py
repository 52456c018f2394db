"""Whether the portfolio stays as quick when there are ten times as many teams."""

from typing import Any

import sqlalchemy as sa

from bench import load, serving
from bench.load import Run
from bench.measure import Plan, sizes
from bench.pages import Visitor

FEW, MANY = 200, 2000
SPRINTS = 4  # the figures read do not depend on it; rows enough to feel an aggregate


def measure(plan: Plan, server: sa.URL | None) -> dict[str, Any]:
    """Both sizes in turn, one client: what a reader waits for."""
    with (
        serving.database(server, teams=FEW, sprints=SPRINTS) as few,
        serving.database(server, teams=MANY, sprints=SPRINTS) as many,
        serving.serve(few) as few_served,
        serving.serve(many) as many_served,
    ):
        asked = {}
        counts = []
        for base in (few, many):
            visitor = Visitor(base)
            counts.append(next(sizes(visitor, base)).queries)
            leads = [visitor.cookie(seat) for seat in base.cast.leads]
            asked[base.teams] = load.in_turn([load.get("/portfolio", lead) for lead in leads])
        runs = {FEW: Run(), MANY: Run()}
        for turn in range(plan.rounds + 1):
            for teams, served in ((FEW, few_served), (MANY, many_served)):
                run = load.drive(served.port, 1, plan.seconds, asked[teams])
                if turn:  # the first one fills caches
                    runs[teams].add(run)
        few_ms, many_ms = (runs[teams].percentile(0.5) for teams in (FEW, MANY))
        return {
            "few": FEW,
            "many": MANY,
            "few_ms": few_ms,
            "many_ms": many_ms,
            "slower": many_ms / few_ms,
            "few_queries": counts[0],
            "many_queries": counts[1],
        }
