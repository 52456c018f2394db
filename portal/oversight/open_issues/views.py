"""The list of open findings and ethics matters of all teams of a programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from portal.ethics.reviews.policy import can_read_register
from portal.oversight.open_issues import labels
from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.filter_schemas import read_filters
from portal.oversight.open_issues.overview_rules import IssueOverview
from portal.oversight.open_issues.queries import read_overview
from portal.oversight.portfolio import policy as portfolio
from portal.oversight.portfolio.page_views import choose_programme
from portal.oversight.portfolio.queries import list_programmes, list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.people.programmes.models import Programme, Track
from portal.people.programmes.policy import can_read_reports
from portal.platform.kernel.access import Actor
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.rendering import render

bp = Blueprint("concerns", __name__, url_prefix="/portfolio/concerns")


@dataclass(frozen=True)
class IssuesPage:
    """`ignored` are the names of filters with an invalid value."""

    programmes: Sequence[Programme]
    programme: Programme
    tracks: Sequence[Track]
    coaches: Sequence[tuple[UUID, str]]
    filters: IssueFilters
    ignored: Sequence[str]
    overview: IssueOverview
    sees_all: bool
    sees_register: bool
    sees_reports: bool

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
    return IssuesPage(
        programmes=programmes,
        programme=programme,
        tracks=tracks,
        coaches=coaches,
        filters=filters,
        ignored=ignored,
        overview=overview,
        sees_all=portfolio.can_see_all(actor, programme),
        sees_register=can_read_register(actor, programme),
        sees_reports=can_read_reports(actor, programme),
    )


@bp.get("")
def index() -> Response:
    page = read_issues_page(get_actor(), request.args, reader_time_zone())
    return render(
        "oversight/open_issues/index.html",
        fragment="concerns",
        page=page,
        overview=page.overview,
        totals=page.overview.totals,
        programme=page.programme,
        filters=page.filters,
        labels=labels,
    )
