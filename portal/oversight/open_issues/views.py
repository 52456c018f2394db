"""The list of open findings and ethics matters of all teams of a programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from portal.ethics.reviews.policy import can_read_register
from portal.oversight.open_issues import labels
from portal.oversight.open_issues.filter_rules import IssueFilters, SeverityFilter
from portal.oversight.open_issues.filter_schemas import read_filters
from portal.oversight.open_issues.overview_rules import IssueOverview
from portal.oversight.open_issues.queries import read_overview
from portal.oversight.portfolio import policy as portfolio
from portal.oversight.portfolio.filter_schemas import find_day_outside, find_past_day
from portal.oversight.portfolio.frame_views import Links, list_ways
from portal.oversight.portfolio.page_views import choose_programme
from portal.oversight.portfolio.queries import list_programmes, list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.oversight.portfolio.tab_views import ViewTab
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.urls import path_to

bp = Blueprint("concerns", __name__, url_prefix="/portfolio/concerns")


@dataclass(frozen=True)
class IssuesPage:
    """`ignored` are the names of filters with an invalid value. `outside` is the requested day where
    the programme has no figures of it, `past` a day that it has figures of: this list holds none."""

    programmes: Sequence[Programme]
    programme: Programme
    tracks: Sequence[Track]
    coaches: Sequence[tuple[UUID, str]]
    filters: IssueFilters
    ignored: Sequence[str]
    overview: IssueOverview
    sees_all: bool
    outside: date | None
    past: date | None
    can_create: bool = False  # teams are added on the portfolio

    def in_url(self, number: int) -> dict[str, Any]:
        """The same view on another page, as a query string holds it."""
        return {"programme": self.programme.slug, **self.filters.in_url(number)}


def read_issues_page(actor: Actor, query_args: Mapping[str, str], zone: str) -> IssuesPage:
    """The page that a query string asks for. Raises `NotFound` without such a portfolio."""
    programmes = list_programmes(actor)
    programme = choose_programme(programmes, query_args.get("programme"))
    tracks, coaches = list_tracks(programme), list_coaches(actor, programme)
    filters, ignored = read_filters(query_args, coaches=dict(coaches), tracks={track.key for track in tracks})
    overview = read_overview(actor, programme, filters, zone)
    today = clock.today(zone)
    day = query_args.get("on", "")
    return IssuesPage(
        programmes=programmes,
        programme=programme,
        tracks=tracks,
        coaches=coaches,
        filters=filters,
        ignored=ignored,
        overview=overview,
        sees_all=portfolio.can_see_all(actor, programme),
        outside=find_day_outside(day, programme.starts_on, today),
        past=find_past_day(day, programme.starts_on, today),
    )


@bp.get("")
def index() -> Response:
    actor, zone = get_actor(), reader_time_zone()
    page = read_issues_page(actor, request.args, zone)
    return render(
        "oversight/open_issues/index.html",
        fragment="concerns",
        page=page,
        endpoint="concerns.index",
        heading=labels.heading(page.programme),
        ways=_list_ways(actor, page),
        tabs=_list_tabs(page),
        is_fragment=wants_fragment(),
        overview=page.overview,
        totals=page.overview.totals,
        programme=page.programme,
        filters=page.filters,
        labels=labels,
    )


def _list_ways(actor: Actor, page: IssuesPage) -> tuple[Links, Links]:
    """The other pages about the teams; the file is that of this list."""
    programme = page.programme
    ways, takes = list_ways(actor, programme, f"?{urlencode({'programme': programme.slug})}")
    export = (_("Exporter cette liste"), path_to("concern_exports.take", **page.in_url(1)))
    register = (_("Registre des revues"), path_to("review_register.index", slug=programme.slug))
    return ways, (export, *((register,) if can_read_register(actor, programme) else ()), *takes[1:])


def _list_tabs(page: IssuesPage) -> tuple[ViewTab, ...]:
    """All teams, those where something is late, those with severe findings."""
    totals, narrowing = page.overview.totals, set(page.filters.narrowing)
    tabs: list[tuple[str, int, dict[str, Any]]] = [
        (_("Toutes"), page.overview.count_all, {}),
        (_("En retard"), totals.late_teams, {"overdue": 1}),
        (_("Constats graves"), totals.severe_teams, {"severity": SeverityFilter.SEVERE}),
    ]
    return tuple(
        ViewTab(
            label,
            count,
            path_to("concerns.index", programme=page.programme.slug, **filters),
            set(filters) == narrowing,
        )
        for label, count, filters in tabs
    )
