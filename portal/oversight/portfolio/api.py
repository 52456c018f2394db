"""Operations on portfolios: the teams of a programme as they stand, or stood."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.oversight.gates.schemas import PastDaySchema
from portal.oversight.health.api import describe_health
from portal.oversight.health.queries import read_states
from portal.oversight.portfolio import queries
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.oversight.portfolio.past_queries import list_past_teams
from portal.oversight.portfolio.ranking_queries import rank_teams
from portal.oversight.portfolio.schemas import PortfolioTeamSchema
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import require_row
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("oversight")


@area.list("/programmes/<programme>/portfolio", PortfolioTeamSchema, query=PastDaySchema)
def list_portfolio(call: ApiCall, programme: str) -> ApiPage:
    """List the teams of a programme, the most urgent first, now or as of the end of a past day."""
    programmes = queries.list_programmes(call.actor)
    opened = require_row(next((each for each in programmes if each.slug == programme), None))
    day, zone = call.query.get("on"), reader_time_zone()
    moment = clock.end_of_day(day, zone) if day and day < clock.today(zone) else None
    page = call.page.cut(_list_ids(call, opened, zone, is_past=moment is not None))
    states = read_states(page.rows, moment) if moment else read_states(page.rows, day=clock.today(zone))
    teams = queries.read_teams(call.actor, page.rows, zone)
    lines = [_describe(teams[id_], states.get(id_)) for id_ in page.rows if id_ in teams]
    return ApiPage(lines, page.next_after)


def _list_ids(call: ApiCall, programme: Programme, zone: str, *, is_past: bool) -> Sequence[UUID]:
    if not is_past:
        return rank_teams(call.actor, programme, PortfolioFilters(), zone).ids
    day = call.query["on"]
    then = read_teams_as_of(call.actor, programme, queries.list_tracks(programme), day, zone)
    return list_past_teams(call.actor, PortfolioFilters(on=day), then, zone)


def _describe(team: PortfolioTeam, state: Any) -> dict[str, Any]:
    numbers = state.numbers if state else None
    return {
        "project_id": team.project.id,
        "slug": team.slug,
        "organisation": team.project.organisation,
        "state": team.project.state,
        "declared": numbers and numbers.declared,
        "proved": numbers and numbers.proved,
        "accepted": numbers and numbers.accepted,
        "health": describe_health(state) if state else None,
    }
