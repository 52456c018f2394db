"""A page of the list of open issues for one reader, cached in the process as that of the portfolio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.filter_schemas import read_filters
from portal.oversight.open_issues.overview_rules import IssueOverview
from portal.oversight.open_issues.queries import clear_cache, read_overview
from portal.oversight.portfolio import policy as portfolio
from portal.oversight.portfolio.filter_schemas import find_day_outside, find_past_day, is_no_day
from portal.oversight.portfolio.page_views import choose_programme
from portal.oversight.portfolio.queries import list_programmes, list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role

CACHE_SIZE = 64  # pages


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


@dataclass(frozen=True)
class _PageQuery:
    """All that a page depends on; `as_of` is the last seal of the audit trail."""

    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    parameters: frozenset[tuple[str, str]]
    today: date
    zone: str
    actor: Actor = field(compare=False)


def read_issues_page(actor: Actor, parameters: Mapping[str, str], zone: str) -> IssuesPage:
    """The page that a query string asks for. Raises `NotFound` without such a portfolio."""
    roles = frozenset(actor.roles.items())
    query = _PageQuery(actor.as_of, roles, frozenset(parameters.items()), clock.today(zone), zone, actor)
    return _read_page(query) if actor.as_of else _read_page.__wrapped__(query)


def clear_caches() -> None:
    """Empty the caches, for code that writes without the audit trail."""
    _read_page.cache_clear()
    clear_cache()


@lru_cache(maxsize=CACHE_SIZE)
def _read_page(query: _PageQuery) -> IssuesPage:
    actor, query_args, zone = query.actor, dict(query.parameters), query.zone
    programmes = list_programmes(actor)
    programme = choose_programme(programmes, query_args.get("programme"))
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
        ignored=(*ignored, "on") if is_no_day(day) else ignored,
        overview=overview,
        sees_all=portfolio.can_see_all(actor, programme),
        outside=find_day_outside(day, programme.starts_on, today),
        past=find_past_day(day, programme.starts_on, today),
    )
