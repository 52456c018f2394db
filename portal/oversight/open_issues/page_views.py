"""A page of the list of open issues for one reader, cached in the process as that of the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.filter_schemas import read_filters
from portal.oversight.open_issues.overview_rules import IssueOverview
from portal.oversight.open_issues.queries import clear_cache, read_overview
from portal.oversight.portfolio import policy as portfolio
from portal.oversight.portfolio.filter_schemas import find_out_of_range_day, find_past_day, is_invalid_day
from portal.oversight.portfolio.page_views import CachedPages, OverviewCacheKey, get_programme_or_first
from portal.oversight.portfolio.queries import list_programmes, list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.people.programmes.models import Programme, Track


@dataclass(frozen=True, eq=False)
class IssuesPage:
    """Compared by identity, which is the cache key of its drawn parts.

    `ignored` are the names of filters with an invalid value. `outside` is the requested day where the
    programme has no figures of it, `past` a day that it has figures of: this list holds none.
    """

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


def clear_caches() -> None:
    """Empty the caches, for code that writes without the audit trail."""
    _pages.clear()
    clear_cache()


def _read_issues_page(query: OverviewCacheKey) -> IssuesPage:
    actor, query_args, zone = query.actor, dict(query.parameters), query.zone
    programmes = list_programmes(actor)
    programme = get_programme_or_first(programmes, query_args.get("programme"))
    tracks, coaches = list_tracks(programme), list_coaches(actor, programme)
    filters, ignored = read_filters(query_args, coaches=dict(coaches), tracks={track.key for track in tracks})
    overview = read_overview(actor, programme, filters, zone)
    today = query.today
    day = query_args.get("on", "")
    return IssuesPage(
        programmes=programmes,
        programme=programme,
        tracks=tracks,
        coaches=coaches,
        filters=filters,
        ignored=(*ignored, "on") if is_invalid_day(day) else ignored,
        overview=overview,
        sees_all=portfolio.can_see_all_teams(actor, programme),
        outside=find_out_of_range_day(day, programme.starts_on, today),
        past=find_past_day(day, programme.starts_on, today),
    )


_pages = CachedPages(_read_issues_page)
read_issues_page = _pages.read_page
