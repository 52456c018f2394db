"""Who comes first in a portfolio, and its key figures: ranked once for what the figures say.

A ranking is remembered in the process by all that it follows from: the sum of the figures' marks
(another one after every change), the day, what the reader may see, and the order asked for. It
cannot be old, because nothing it follows from can change without its key.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select

from portal.oversight.health.models import HealthFigures
from portal.oversight.portfolio import policy, urgency_queries
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.oversight.portfolio.filter_queries import (
    FIGURE_FILTERS,
    FILTER_CONDITIONS,
    ORDERS,
    filter_parameters,
    in_programme,
)
from portal.oversight.portfolio.filter_rules import PortfolioFilters, PortfolioSort
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import ProjectFigures

CACHE_SIZE = 64  # rankings; one of 2,000 teams takes 200 kB
NAMED_TEAMS_MAX = 3  # teams that a key figure names


@dataclass(frozen=True)
class Ranking:
    """The teams asked for, first to last; and what a portfolio answers first if asked aloud."""

    ids: Sequence[UUID] = ()
    to_help: int = 0
    to_watch: int = 0
    asking: int = 0
    silent: int = 0
    longest_wait: int = 0  # days since the oldest request for help
    first_to_help: Sequence[UUID] = ()
    first_to_watch: Sequence[UUID] = ()


def rank_teams(
    actor: Actor, programme: Programme, filters: PortfolioFilters, zone: str = DEFAULT_ZONE
) -> Ranking:
    """The teams of a programme that the actor may see and the filters let through."""
    query = _RankingQuery(programme.id, filters.sort, filters.narrowing, filter_parameters(filters))
    return _rank_cached(actor, query, zone).get(programme.id, Ranking())


def rank_all_programmes(actor: Actor, zone: str = DEFAULT_ZONE) -> Mapping[UUID, Ranking]:
    """All the teams that the actor may see, by programme, the most urgent first."""
    every = PortfolioFilters()
    return _rank_cached(
        actor, _RankingQuery(None, every.sort, every.narrowing, filter_parameters(every)), zone
    )


@dataclass(frozen=True)
class _RankingQuery:
    """Which teams, in which order; `programme_id` None: of every programme."""

    programme_id: UUID | None
    sort: PortfolioSort
    narrowing: frozenset[str]
    values: tuple[tuple[str, Any], ...]


def _rank_cached(actor: Actor, query: _RankingQuery, zone: str) -> Mapping[UUID, Ranking]:
    reach = policy.reach_of(actor)
    is_single = query.programme_id is not None
    (marks,) = fetch_rows(_marks(is_single=is_single), {"programme": query.programme_id, **reach})
    # What tracks and coaches say is not in the figures: their marks would not tell of a change.
    ask = _rank if query.narrowing <= FIGURE_FILTERS else _rank.__wrapped__
    return ask(query, tuple(marks), tuple(reach.items()), clock.today(zone), zone)


@lru_cache(maxsize=CACHE_SIZE)
def _rank(
    query: _RankingQuery,
    _marks: tuple[int, int],
    reach: tuple[tuple[str, tuple[UUID, ...]], ...],
    today: date,
    zone: str,
) -> Mapping[UUID, Ranking]:
    parameters = {"programme": query.programme_id, **dict(reach), **dict(query.values)}
    statement = _select_ranked(
        query.sort, query.narrowing, is_single=query.programme_id is not None
    )
    by_programme: dict[UUID, list[Sequence[Any]]] = defaultdict(list)
    for row in fetch_rows(statement, parameters | urgency_queries.day_parameters(today, zone)):
        by_programme[row[0]].append(row)
    place = ZoneInfo(zone)
    return {id_: _build_ranking(ranked, today, place) for id_, ranked in by_programme.items()}


def _build_ranking(ranked: Sequence[Sequence[Any]], today: date, place: ZoneInfo) -> Ranking:
    ids = [row[1] for row in ranked]
    to_help = [
        row[1] for row in ranked if row[2] >= urgency_queries.SCORE_MIN[TeamAttentionLevel.ALERT]
    ]
    to_watch = [
        row[1]
        for row in ranked
        if urgency_queries.SCORE_MIN[TeamAttentionLevel.WARN]
        <= row[2]
        < urgency_queries.SCORE_MIN[TeamAttentionLevel.ALERT]
    ]
    asking = [row[3] for row in ranked if row[3] is not None]
    waited = (today - min(asking).astimezone(place).date()).days if asking else 0
    return Ranking(
        ids=tuple(ids),
        to_help=len(to_help),
        to_watch=len(to_watch),
        asking=len(asking),
        silent=sum(row[4] for row in ranked),
        longest_wait=max(0, waited),
        first_to_help=tuple(to_help[:NAMED_TEAMS_MAX]),
        first_to_watch=tuple(to_watch[:NAMED_TEAMS_MAX]),
    )


@lru_cache(maxsize=2)
def _marks(*, is_single: bool) -> Select[int, int]:
    of_health = func.coalesce(func.sum(HealthFigures.mark), 0)
    marks = (
        select(func.count(), func.coalesce(func.sum(ProjectFigures.mark), 0) + of_health)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, urgency_queries.health_join)
    )
    return marks.where(in_programme if is_single else policy.TEAMS_VISIBLE)


@lru_cache(maxsize=256)
def _select_ranked(
    sort: PortfolioSort, narrowing: frozenset[str], *, is_single: bool
) -> Select[Any]:
    """Teams in order: programme, project, score, when help was asked for, whether silent."""
    statement = (
        select(
            ProjectFigures.programme_id,
            ProjectFigures.project_id,
            urgency_queries.score,
            case((urgency_queries.asks_help, ProjectFigures.silent_since)),
            case((urgency_queries.silent, 1), else_=0),
        )
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, urgency_queries.health_join)
        .where(policy.TEAMS_VISIBLE, *(FILTER_CONDITIONS[name] for name in narrowing))
        .order_by(*ORDERS[sort])
    )
    return statement.where(in_programme) if is_single else statement
