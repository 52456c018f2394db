"""A portfolio page for one reader, shared by the routes that show it. Cached in the process.

The cache key holds the last seal of the audit trail at the start of the request (`actor.as_of`),
the roles, the query string and the day: while the seal is the same, nothing that the page depends
on has changed. News of one reader also depend on when they last read something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from portal.collaboration.discussions.queries import (
    MentioningComment,
    count_unread_by_scope,
    find_last_read_mark_time,
    list_mentioning_comments,
)
from portal.oversight.decisions import policy as decisions
from portal.oversight.gates.definition_queries import list_definitions, list_definitions_at
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.portfolio import policy, queries
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.filter_schemas import FilterChoices, find_out_of_range_day, parse_filters
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.oversight.portfolio.owed_queries import ProgrammeWaitingCounts, read_programme_waiting_counts
from portal.oversight.portfolio.past_owed_queries import read_past_waiting_counts
from portal.oversight.portfolio.past_queries import list_past_team_ids, read_past_portfolio
from portal.oversight.portfolio.progress_queries import clear_cache as clear_history
from portal.oversight.portfolio.progress_queries import read_cohort_progress, read_month_progress
from portal.oversight.portfolio.progress_rules import CohortProgress, MonthProgress
from portal.oversight.portfolio.queries import PortfolioTeamsPage
from portal.oversight.portfolio.ranking_queries import rank_all_programmes, rank_teams
from portal.oversight.portfolio.saved_view_queries import SavedView, list_saved_views
from portal.oversight.portfolio.support_queries import (
    TracksAndCoachesByTeam,
    list_coaches,
    read_tracks_and_coaches,
    read_tracks_and_coaches_by_ids,
)
from portal.people.programmes import policy as programme_policy
from portal.people.programmes.current_views import find_last_programme_slug
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import reader_time_zone

CACHE_SIZE = 64  # pages, of some 60 kB each
MENTIONS = 5
Page = TypeVar("Page")


@dataclass(frozen=True, eq=False)
class PortfolioPage:
    """A page of a portfolio. Compared by identity, which is the cache key of its drawn parts."""

    programmes: Sequence[Programme]
    programme: Programme
    tracks: Sequence[Track]
    coaches: Sequence[tuple[UUID, str]]
    filters: PortfolioFilters
    ignored: Sequence[str]  # names of filters that were not understood
    portfolio: PortfolioTeamsPage
    support: TracksAndCoachesByTeam
    opened: Sequence[UUID]  # the teams whose pages the reader may open
    sees_all: bool
    can_create: bool
    gates: Sequence[GateDefinition]  # of the programme, in its order
    cohort: CohortProgress | None  # None before anything is known
    trends: Mapping[UUID, Sequence[int]]  # accepted progress of each team by month, the last one now
    to_help: Mapping[UUID, int] = field(default_factory=dict)  # teams to help now, by programme, of several
    outside: date | None = None  # the requested day, where the programme has no figures of it

    def in_url(self, number: int) -> dict[str, Any]:
        """The same view on another page, as a query string holds it."""
        return {"programme": self.programme.slug, **self.filters.in_url(number)}


@dataclass(frozen=True)
class OverviewCacheKey:
    """All that a page about the teams of a programme depends on; `as_of` is the last seal of the
    audit trail."""

    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    parameters: frozenset[tuple[str, str]]
    today: date
    zone: str
    last_programme: str  # the slug of the one worked in before, where the parameters name none
    actor: Actor = field(compare=False)


class CachedPages(Generic[Page]):
    """The pages that `read` builds, kept until anything changes that they depend on."""

    def __init__(self, read: Callable[[OverviewCacheKey], Page]) -> None:
        self._read, self._cached = read, lru_cache(maxsize=CACHE_SIZE)(read)

    def read_page(self, actor: Actor, parameters: Mapping[str, str], zone: str) -> Page:
        """The page that a query string asks for. Raises `NotFound` without such a programme."""
        roles, parameter_pairs = frozenset(actor.roles.items()), frozenset(parameters.items())
        last = "" if parameters.get("programme") else find_last_programme_slug(actor)
        query = OverviewCacheKey(actor.as_of, roles, parameter_pairs, clock.today(zone), zone, last, actor)
        return self._cached(query) if actor.as_of else self._read(query)

    def clear(self) -> None:
        """For code that writes without the audit trail."""
        self._cached.cache_clear()


@dataclass(frozen=True)
class FilteredTeams:
    """All the teams that the filters of a page let through as of a day, in its order, with their
    tracks and coaches."""

    ids: Sequence[UUID]
    support: TracksAndCoachesByTeam


def read_filtered_teams(actor: Actor, page: PortfolioPage, day: date, zone: str) -> FilteredTeams:
    """The teams of all its pages."""
    if day < clock.today(zone):
        then = read_teams_as_of(actor, page.programme, page.tracks, day, zone)
        return FilteredTeams(list_past_team_ids(actor, page.filters, then, zone), then.support)
    ids = rank_teams(actor, page.programme, page.filters, zone).ids
    return FilteredTeams(ids, read_tracks_and_coaches_by_ids(ids, page.tracks))


@dataclass(frozen=True)
class PortfolioNews:
    """Unread comments, mentions and saved views of one reader of a portfolio page."""

    unread: tuple[tuple[UUID, int], ...]  # comments of others, by team; only where there are some
    mentions: Sequence[MentioningComment]
    views: Sequence[SavedView]  # that they may open
    owed: ProgrammeWaitingCounts | None  # what waits for their decision; None where they decide nothing


@dataclass(frozen=True)
class _NewsCacheKey:
    page: PortfolioPage
    person_id: UUID
    last: datetime | None
    actor: Actor = field(compare=False)


def read_news(actor: Actor, page: PortfolioPage) -> PortfolioNews:
    """Cached until the audit trail grows, or the reader reads something."""
    last = find_last_read_mark_time(actor) if page.opened else None
    query = _NewsCacheKey(page, actor.person_id, last, actor)
    return _read_news(query) if actor.as_of else _read_news.__wrapped__(query)


@lru_cache(maxsize=4 * CACHE_SIZE)
def _read_news(query: _NewsCacheKey) -> PortfolioNews:
    actor, page = query.actor, query.page
    views, owed = list_saved_views(actor, page.programme), _read_programme_waiting_counts(actor, page)
    if not page.opened:
        return PortfolioNews((), (), views, owed)
    counts = count_unread_by_scope(actor, page.opened)
    return PortfolioNews(
        tuple((id_, count) for id_, count in counts.items() if count),
        [mention for mention in list_mentioning_comments(actor, MENTIONS) if mention.is_new],
        views,
        owed,
    )


def _read_programme_waiting_counts(actor: Actor, page: PortfolioPage) -> ProgrammeWaitingCounts | None:
    """What waits for the reader; of a past day, what the programme owed its teams, for its leads."""
    if page.outside or not decisions.has_deciding_role(actor):
        return None
    if page.filters.on:
        zone = reader_time_zone()
        moment = clock.end_of_day(page.filters.on, zone)
        leads = programme_policy.can_lead(actor, page.programme)
        return read_past_waiting_counts(actor, page.portfolio.teams, moment, zone) if leads else None
    return read_programme_waiting_counts(actor, page.programme.id)


@lru_cache(maxsize=CACHE_SIZE)
def read_page_month_progress(page: PortfolioPage, day: date) -> Sequence[MonthProgress]:
    """The progress of all its teams by month as of a day. Cached as long as the page is."""
    return read_month_progress(page.programme, page.portfolio.all.ids, day)


def clear_caches() -> None:
    """Empty the caches, for code that writes without the audit trail."""
    _pages.clear()
    _read_news.cache_clear()
    read_page_month_progress.cache_clear()
    clear_history()


def _read_portfolio_page(query: OverviewCacheKey) -> PortfolioPage:
    actor, parameters = query.actor, dict(query.parameters)
    if parameters.get("on") == query.today.isoformat():
        del parameters["on"]
    programmes = queries.list_programmes(actor, parameters.get("programme"))
    programme = get_programme_or_first(programmes, parameters.get("programme"), query.last_programme)
    tracks, coaches = queries.list_tracks(programme), list_coaches(actor, programme)
    gates = list_definitions(programme.id)
    choices = build_filter_choices(programme, tracks, coaches, gates, query.today)
    filters, ignored = parse_filters(parameters, choices)
    outside = find_out_of_range_day(parameters.get("on", ""), programme.starts_on, query.today)
    if filters.on:
        then = read_teams_as_of(actor, programme, tracks, filters.on, query.zone)
        coaches = then.coaches
        filters, ignored = parse_filters(parameters, replace(choices, coaches=dict(coaches)))
        portfolio = read_past_portfolio(actor, filters, then, query.zone)
        support, gates = then.support, list_definitions_at(programme.id, then.moment)
        programme = then.programme
    else:
        portfolio = queries.read_portfolio(actor, programme, filters, query.zone)
        support = read_tracks_and_coaches(portfolio.teams, tracks)
    cohort, trends = read_cohort_progress(programme, portfolio.all, query.today, filters.on)
    return PortfolioPage(
        programmes=programmes,
        programme=programme,
        tracks=tracks,
        coaches=coaches,
        filters=filters,
        ignored=ignored,
        portfolio=portfolio,
        support=support,
        opened=[team.project.id for team in portfolio.teams if team.opens and not filters.on],
        sees_all=policy.can_see_all_teams(actor, programme),
        can_create=policy.can_create_team(actor, programme) and not filters.on,
        outside=outside,
        gates=gates,
        cohort=cohort,
        trends=trends,
        to_help=_count_teams_to_help_by_programme(actor, programmes, query.zone),
    )


def _count_teams_to_help_by_programme(
    actor: Actor, programmes: Sequence[Programme], zone: str
) -> Mapping[UUID, int]:
    """Today's, for the choice between several programmes; nothing where there is none."""
    if len(programmes) < 2:
        return {}
    return {id_: ranking.to_help for id_, ranking in rank_all_programmes(actor, zone).items()}


_pages = CachedPages(_read_portfolio_page)
read_page = _pages.read_page


def build_filter_choices(
    programme: Programme,
    tracks: Sequence[Track],
    coaches: Sequence[tuple[UUID, str]],
    gates: Sequence[GateDefinition],
    today: date,
) -> FilterChoices:
    """What the filters of a portfolio may name."""
    return FilterChoices(
        coaches=dict(coaches),
        tracks={track.key for track in tracks},
        gates={definition.number for definition in gates},
        days=(programme.starts_on, today - timedelta(days=1)),
    )


def get_programme_or_first(programmes: Sequence[Programme], slug: str | None, last: str = "") -> Programme:
    """The programme of that slug; without one that of `last`, else the first. Raises `NotFound`."""
    by_slug = {programme.slug: programme for programme in programmes}
    programme = by_slug.get(slug) if slug else by_slug.get(last) or next(iter(programmes), None)
    if programme is None:
        raise NotFound
    return programme
