"""Operations on portfolios: the teams of a programme as they stand, or stood; and kept views."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from portal.oversight.gates.definition_queries import list_definitions
from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.gates.state_rules import GateStanding
from portal.oversight.health.api import describe_health
from portal.oversight.health.queries import read_lateness_increments
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio import commands, labels, line_labels, queries
from portal.oversight.portfolio.filter_rules import PortfolioFilters, PortfolioSort
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.oversight.portfolio.models import PortfolioView
from portal.oversight.portfolio.page_views import read_page
from portal.oversight.portfolio.past_queries import read_past_teams
from portal.oversight.portfolio.saved_view_queries import get_deletable_view, list_saved_views
from portal.oversight.portfolio.schemas import (
    PortfolioQuerySchema,
    PortfolioTeamSchema,
    PortfolioViewSchema,
    SavePortfolioViewSchema,
    TimelineTeamSchema,
)
from portal.oversight.portfolio.support_queries import list_coaches
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.oversight.portfolio.timeline_queries import list_timeline_gates
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound, RuleBroken, require_row
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_fields import describe_choices
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import ApiRefusal

area = ApiArea("oversight")
Coach = tuple[UUID, str]  # id and name


@area.list("/programmes/<programme>/portfolio", PortfolioTeamSchema, query=PortfolioQuerySchema)
def list_portfolio(call: ApiCall, programme: str) -> ApiPage:
    """List the teams of a programme, the most urgent first, now or as of the end of a past day."""
    opened = get_portfolio_programme(call, programme)
    zone, filters = reader_time_zone(), _read_filters(call)
    tracks, today = queries.list_tracks(opened), clock.today(zone)
    require_day_within(opened, filters.on, today)
    if filters.on and filters.on < today:
        then = read_teams_as_of(call.actor, opened, tracks, filters.on, zone)
        require_known_choices(opened, tracks, then.coaches, **_get_chosen_coach_track_and_gate(filters))
        past = call.page.cut_whole_list(
            read_past_teams(call.actor, filters, then, zone), key_by_fields("project.id")
        )
        return ApiPage([describe_team(team) for team in past.rows], past.next_after)
    require_known_choices(
        opened, tracks, list_coaches(call.actor, opened), **_get_chosen_coach_track_and_gate(filters)
    )
    present = replace(filters, on=None)
    page = call.page.read_page_slice(
        lambda first, count: queries.list_ranked_teams(
            call.actor, opened, present, zone, first=first, limit=count
        ),
        key_by_fields("project.id"),
    )
    return ApiPage([describe_team(team) for team in page.rows], page.next_after)


@area.list("/programmes/<programme>/portfolio/timeline", TimelineTeamSchema)
def list_timeline(call: ApiCall, programme: str) -> ApiPage:
    """List the gates of each team of a programme: planned, passed or expected, by the team's name."""
    opened, zone = get_portfolio_programme(call, programme), reader_time_zone()
    by_organisation = PortfolioFilters(sort=PortfolioSort.ORGANISATION)
    page = call.page.read_page_slice(
        lambda first, count: queries.list_ranked_teams(
            call.actor, opened, by_organisation, zone, first=first, limit=count
        ),
        key_by_fields("project.id"),
    )
    steps = read_lateness_increments(opened.id)
    return ApiPage([_describe_team_timeline(team, steps) for team in page.rows], page.next_after)


def _describe_team_timeline(team: PortfolioTeam, steps: LatenessIncrements) -> dict[str, Any]:
    gates = list_timeline_gates(team.state, steps) if team.state else ()
    names = ("expected_on", "earliest_on", "latest_on")
    return {
        "project_id": team.project.id,
        "slug": team.slug,
        "name": team.short_name,
        "gates": [
            vars(gate) | {name: getattr(gate.forecast, name, None) for name in names} for gate in gates
        ],
    }


def _read_filters(call: ApiCall) -> PortfolioFilters:
    gate = call.query["gate"]
    return PortfolioFilters(**{**call.query, "gate": "" if gate is None else str(gate)})


def _get_chosen_coach_track_and_gate(filters: PortfolioFilters) -> dict[str, UUID | str | None]:
    return {"coach": filters.coach, "track": filters.track, "gate": filters.gate}


def require_known_choices(
    programme: Programme, tracks: Sequence[Track], coaches: Sequence[Coach], **named: UUID | str | None
) -> None:
    """Raise `ApiRefusal` for a `coach`, a `track` or a `gate` (a number as text) that the programme has
    not, which its page says too."""
    gates = list_definitions(programme.id) if named.get("gate") else ()
    allowed: dict[str, Sequence[UUID | str]] = {
        "coach": [id_ for id_, _name in coaches],
        "track": [track.key for track in tracks],
        "gate": [str(gate.number) for gate in gates],
    }
    unknown = [name for name, value in named.items() if value and value not in allowed[name]]
    if unknown:
        raise ApiRefusal(422, errors=[(f"?{name}", str(describe_choices(allowed[name]))) for name in unknown])


def require_day_within(programme: Programme, day: date | None, today: date) -> None:
    """Raise `RuleBroken` on `on`, with the sentence of the page, for a day of which there are no figures."""
    if day and not programme.starts_on <= day <= today:
        raise RuleBroken("on", labels.explain_day_without_figures(programme, day))


def get_portfolio_programme(call: ApiCall, slug: str) -> Programme:
    """A programme whose portfolio the actor reads. Raises `NotFound`."""
    programmes = queries.list_programmes(call.actor, slug)
    return require_row(next((each for each in programmes if each.slug == slug), None))


def describe_team(team: PortfolioTeam) -> dict[str, Any]:
    """The values of `PortfolioTeamSchema`: what the line of a team shows, with its sentences."""
    state, project = team.state, team.project
    numbers = state.numbers if state else None
    return {
        "project_id": project.id,
        "slug": team.slug,
        "organisation": project.organisation,
        "name": team.short_name,
        "state": project.state,
        "rests_since": project.rests_since,
        "declared": numbers and numbers.declared,
        "proved": numbers and numbers.proved,
        "accepted": numbers and numbers.accepted,
        "health": describe_health(state) if state else None,
        "standing": line_labels.health(team)[1],
        "reason": line_labels.first_reason(team),
        "is_followed": team.is_followed,
        "reasons": team.reasons,
        "gates": _describe_gates(state) if state else [],
        "next_gate": _describe_next_gate(team),
        "last_gate": _describe_last_gate(team),
        "running_sprint": team.running and vars(team.running) | {"days_left": team.days_left},
        "last_sprint": team.last,
        "days_without_close": team.days_without_close,
        "days_without_user": _count_days_without_user(team),
        "severe_findings": team.severe,
    }


def _describe_gates(state: HealthSnapshot) -> list[dict[str, Any]]:
    steps = state.facts.steps
    return [{"number": step.number, "standing": GateStanding(step.look(state.day))} for step in steps]


def _describe_next_gate(team: PortfolioTeam) -> dict[str, Any] | None:
    step = line_labels.find_next_gate_facts(team)
    if step is None:
        return None
    return {
        "number": step.number,
        "due_on": step.due_on,
        "lacking": step.lacking,
        "is_asked": step.is_asked,
        "sentence": line_labels.next_gate(team),
    }


def _describe_last_gate(team: PortfolioTeam) -> dict[str, Any]:
    end = team.end
    return {
        "sentence": line_labels.prototype_lateness_and_look(team)[0],
        "due_on": end and end.due_on,
        "expected_on": end and end.expected_on,
        "weeks_late": end and end.weeks_late,
    }


def _count_days_without_user(team: PortfolioTeam) -> int | None:
    last_on = team.state.facts.tests.last_on if team.state else None
    return None if team.state is None or last_on is None else max(0, (team.state.day - last_on).days)


@area.list("/programmes/<programme>/portfolio-views", PortfolioViewSchema)
def list_portfolio_views(call: ApiCall, programme: str) -> ApiPage:
    """List one's own views of a portfolio, and those shared with the programme's leads, by name."""
    return call.page.cut_whole_list(list_saved_views(call.actor, get_portfolio_programme(call, programme)))


@area.create("/programmes/<programme>/portfolio-views", PortfolioViewSchema, body=SavePortfolioViewSchema)
def keep_portfolio_view(call: ApiCall, programme: str) -> PortfolioView:
    """Keep filters and an order of the portfolio, as its page has them in its address."""
    parameters = dict(parse_qsl(call.body["query"])) | {"programme": programme}
    page = read_page(call.actor, parameters, reader_time_zone())
    query, is_shared = urlencode(page.in_url(1)), call.body["is_shared"]
    return commands.save_view(call.actor, page.programme, call.body["name"], query, shared=is_shared)


@area.delete("/programmes/<programme>/portfolio-views/<uuid:view_id>")
def drop_portfolio_view(call: ApiCall, programme: str, view_id: UUID) -> None:
    """Delete a view, of one's own or shared with the programme's leads."""
    view = get_deletable_view(call.actor, view_id)
    if view.programme_id != get_portfolio_programme(call, programme).id:
        raise NotFound
    commands.drop_view(call.actor, view)
