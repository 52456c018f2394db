"""Whether the portfolio stays as quick when there are ten times as many teams."""

from typing import Any

import sqlalchemy as sa

from bench import load, serving
from bench.load import Run
from bench.measure import Plan, sizes
from bench.pages import Visitor

SPRINTS = 4  # the figures read do not depend on it; rows enough to feel an aggregate


def measure(plan: Plan, server: sa.URL | None) -> dict[str, Any]:
    """Both sizes in turn, one client: what a reader waits for."""
    few_teams, many_teams = plan.growth
    with (
        serving.database(server, teams=few_teams, sprints=SPRINTS) as few,
        serving.database(server, teams=many_teams, sprints=SPRINTS) as many,
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
        runs = {few_teams: Run(), many_teams: Run()}
        for turn in range(plan.rounds + 1):
            for teams, served in ((few_teams, few_served), (many_teams, many_served)):
                run = load.drive(served.port, 1, plan.seconds, asked[teams])
                if turn:  # the first one fills caches
                    runs[teams].add(run)
        few_ms, many_ms = (runs[teams].percentile(0.5) for teams in plan.growth)
        return {
            "few": few_teams,
            "many": many_teams,
            "few_ms": few_ms,
            "many_ms": many_ms,
            "slower": many_ms / few_ms,
            "few_queries": counts[0],
            "many_queries": counts[1],
        }
