"""Operations on portfolios: the teams of a programme as they stand, or stood; and kept views."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from portal.oversight.gates.schemas import PastDaySchema
from portal.oversight.health.api import describe_health
from portal.oversight.health.queries import read_states
from portal.oversight.portfolio import commands, labels, queries
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.oversight.portfolio.models import PortfolioView
from portal.oversight.portfolio.page_views import read_page
from portal.oversight.portfolio.past_queries import list_past_teams
from portal.oversight.portfolio.ranking_queries import rank_teams
from portal.oversight.portfolio.saved_view_queries import get_saved_view, list_saved_views
from portal.oversight.portfolio.schemas import PortfolioTeamSchema, PortfolioViewSchema, ViewKeptSchema
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.platform.web.api_problems import ApiRefusal

area = ApiArea("oversight")


@area.list("/programmes/<programme>/portfolio", PortfolioTeamSchema, query=PastDaySchema)
def list_portfolio(call: ApiCall, programme: str) -> ApiPage:
    """List the teams of a programme, the most urgent first, now or as of the end of a past day."""
    opened = _get_programme(call, programme)
    day, zone = call.query.get("on"), reader_time_zone()
    if day and not opened.starts_on <= day <= clock.today(zone):
        raise ApiRefusal(422, errors=[("?on", labels.outside(opened, day))])
    moment = clock.end_of_day(day, zone) if day and day < clock.today(zone) else None
    page = call.page.cut(_list_ids(call, opened, zone, is_past=moment is not None))
    states = read_states(page.rows, moment) if moment else read_states(page.rows, day=clock.today(zone))
    teams = queries.read_teams(call.actor, page.rows, zone)
    lines = [_describe(teams[id_], states.get(id_)) for id_ in page.rows if id_ in teams]
    return ApiPage(lines, page.next_after)


def _get_programme(call: ApiCall, slug: str) -> Programme:
    """A programme whose portfolio the actor reads. Raises `NotFound`."""
    programmes = queries.list_programmes(call.actor)
    return require_row(next((each for each in programmes if each.slug == slug), None))


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


@area.list("/programmes/<programme>/portfolio-views", PortfolioViewSchema)
def list_portfolio_views(call: ApiCall, programme: str) -> ApiPage:
    """List one's own views of a portfolio, and those shared with the programme's leads, by name."""
    return call.page.cut(list_saved_views(call.actor, _get_programme(call, programme)))


@area.create("/programmes/<programme>/portfolio-views", PortfolioViewSchema, body=ViewKeptSchema)
def keep_portfolio_view(call: ApiCall, programme: str) -> PortfolioView:
    """Keep filters and an order of the portfolio, as its page has them in its address."""
    parameters = dict(parse_qsl(call.body["query"])) | {"programme": programme}
    page = read_page(call.actor, parameters, reader_time_zone())
    query, is_shared = urlencode(page.in_url(1)), call.body["is_shared"]
    return commands.save_view(call.actor, page.programme, call.body["name"], query, shared=is_shared)


@area.delete("/programmes/<programme>/portfolio-views/<uuid:view_id>")
def drop_portfolio_view(call: ApiCall, programme: str, view_id: UUID) -> None:
    """Delete a view, of one's own or shared with the programme's leads."""
    view = get_saved_view(call.actor, view_id)
    if view.programme_id != _get_programme(call, programme).id:
        raise NotFound
    commands.drop_view(call.actor, view)
