"""Teams in order, with the key figures of a portfolio. Cached in the process.

The cache key is all that a ranking depends on: the sum of the figures' marks (another number after
every change), the thresholds, the day, the reader's scopes, the filters, the order. No entry is ever stale.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import Definitions, HealthLevel
from portal.oversight.health.models import HealthFigures, SignalTerms
from portal.oversight.health.progress_rules import accepted_percent
from portal.oversight.health.threshold_queries import EditionRow, build_programme_definitions, select_editions
from portal.oversight.portfolio import filter_queries, policy
from portal.oversight.portfolio.attention_rules import (
    TeamAttentionLevel,
    TeamReason,
    TeamSigns,
    asks_help,
    days_without_close_tolerated,
    has_person_in_charge,
    is_silent,
    list_reasons,
    urgency_key,
)
from portal.oversight.portfolio.attention_rules import attention_level as level
from portal.oversight.portfolio.filter_queries import (
    FIGURE_FILTERS,
    FILTER_CONDITIONS,
    ORDERS,
    RANKED_FILTERS,
    filter_bind_parameters,
    in_programme,
)
from portal.oversight.portfolio.filter_rules import ChargeFilter, PortfolioFilters, PortfolioSort
from portal.oversight.portfolio.team_queries import count_days_silent
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import ProjectFigures, ProjectState
from portal.sprints.sprints.outlook_rules import OutlookLevel

CACHE_SIZE = 64  # rankings; one of 2,000 teams takes 200 kB
NAMED_TEAMS_MAX = 3  # teams that a key figure names


@dataclass(frozen=True)
class Ranking:
    """Teams in order, and the key figures of a portfolio. `days_without_close_tolerated` is the number
    of days from which a team counts as `silent`; None: the programme turned the signal off.
    `accepted` is the progress of each team in per cent, in the order of `ids`."""

    ids: Sequence[UUID] = ()
    to_help: int = 0
    to_watch: int = 0
    asking: int = 0
    silent: int = 0
    days_without_close_tolerated: int | None = None
    longest_wait: int = 0  # days since the oldest request for help that nobody took
    not_followed: int = 0  # those of `to_help` and `to_watch` that nobody follows
    first_to_help: Sequence[UUID] = ()
    first_to_watch: Sequence[UUID] = ()
    stopped: int = 0
    accepted: Sequence[int] = ()


def rank_teams(
    actor: Actor, programme: Programme, filters: PortfolioFilters, zone: str = DEFAULT_ZONE
) -> Ranking:
    """The teams of a programme that the actor may see and the filters let through."""
    query = _RankingQuery(programme.id, filters.sort, filters.narrowing, filter_bind_parameters(filters))
    return _read_cached_rankings(actor, query, zone)[programme.id]


def rank_all_programmes(actor: Actor, zone: str = DEFAULT_ZONE) -> Mapping[UUID, Ranking]:
    """All the teams that the actor may see, by programme, the most urgent first."""
    filters = PortfolioFilters()
    query = _RankingQuery(None, filters.sort, filters.narrowing, filter_bind_parameters(filters))
    return _read_cached_rankings(actor, query, zone)


@dataclass(frozen=True)
class _RankingQuery:
    """Which teams, in which order; `programme_id` None: of every programme."""

    programme_id: UUID | None
    sort: PortfolioSort
    narrowing: frozenset[str]
    values: tuple[tuple[str, Any], ...]


def _read_cached_rankings(actor: Actor, query: _RankingQuery, zone: str) -> Mapping[UUID, Ranking]:
    reach = policy.visible_teams_bind_parameters(actor)
    statement = _VERSION_OF_ALL if query.programme_id is None else _VERSION
    ((count, marks, editions),) = fetch_rows(statement, {"programme": query.programme_id, **reach})
    # The marks do not cover tracks and coaches: rankings by these filters are not cached.
    rank = _rank_by_programme if query.narrowing <= FIGURE_FILTERS else _rank_by_programme.__wrapped__
    version = _RankingVersion(count, marks, tuple(editions))
    return rank(query, version, tuple(reach.items()), clock.today(zone), zone)


@dataclass(frozen=True)
class _RankingVersion:
    """How many teams, the sum of their marks, and all editions of their programmes' thresholds."""

    count: int
    marks: int
    editions: tuple[EditionRow, ...]


@lru_cache(maxsize=CACHE_SIZE)
def _rank_by_programme(
    query: _RankingQuery,
    version: _RankingVersion,
    reach: tuple[tuple[str, tuple[UUID, ...]], ...],
    today: date,
    zone: str,
) -> Mapping[UUID, Ranking]:
    parameters = {"programme": query.programme_id, **dict(reach), **dict(query.values)}
    statement = _select_figures(query.sort, query.narrowing, is_single=query.programme_id is not None)
    changed, place = build_programme_definitions(version.editions), ZoneInfo(zone)
    teams: dict[UUID, list[_RankedTeam]] = defaultdict(list)
    if query.programme_id is not None:
        teams[query.programme_id] = []
    for row in fetch_rows(statement, parameters | {"today": today}):
        definitions = changed.get(row[0], read_default_signals())
        teams[row[0]].append(_make_ranked_team(row[1:], definitions, today, place))
    return {
        id_: _build_ranking(programme_teams, query, changed.get(id_, read_default_signals()))
        for id_, programme_teams in teams.items()
    }


@dataclass(frozen=True)
class _RankedTeam:
    id: UUID
    signs: TeamSigns
    reasons: Sequence[TeamReason]
    progress: int  # accepted, in per cent
    is_stopped: bool


def _make_ranked_team(row: Sequence[Any], definitions: Definitions, day: date, zone: ZoneInfo) -> _RankedTeam:
    (
        id_,
        project_state,
        health,
        in_charge,
        accepted,
        silent_since,
        missed,
        ends_on,
        outlook,
        help_wanted,
        help_since,
        help_taken,
        awaited,
    ) = row
    signs = TeamSigns(
        goes_on=project_state is ProjectState.ACTIVE,
        health=None if health is None else HealthLevel(health),
        in_charge=bool(in_charge),
        days_without_close=count_days_silent(silent_since, day, zone),
        missed_in_a_row=missed,
        days_overdue=max(0, (day - ends_on).days) if ends_on else 0,
        help_wanted=help_wanted,
        help_taken=help_taken,
        days_waiting_for_help=count_days_silent(help_since, day, zone) if help_since else 0,
        storm=outlook == OutlookLevel.STORMY.value,
        rain=outlook == OutlookLevel.RAINY.value,
        decision_awaited=awaited,
    )
    reasons, progress = list_reasons(signs, definitions), accepted_percent(accepted or {}, day)
    return _RankedTeam(id_, signs, reasons, progress, project_state is ProjectState.STOPPED)


def _build_ranking(teams: Sequence[_RankedTeam], query: _RankingQuery, definitions: Definitions) -> Ranking:
    limit = days_without_close_tolerated(definitions)
    silent = [
        team for team in teams if is_silent(team.signs.days_without_close, limit, goes_on=team.signs.goes_on)
    ]
    ranked = silent if "silent" in query.narrowing else teams
    values = dict(query.values)
    for raised in filter(None, (values["attention"], values["charge"])):
        ranked = [
            team
            for team in ranked
            if raised.passes(level(team.reasons), is_followed=has_person_in_charge(team.reasons, team.signs))
        ]
    if query.sort is PortfolioSort.ATTENTION:
        ranked = sorted(ranked, key=lambda team: urgency_key(team.reasons), reverse=True)
    if query.sort is PortfolioSort.GATE:
        ranked = sorted(ranked, key=lambda team: (not team.signs.goes_on, team.progress))
    waits = [team.signs.days_waiting_for_help for team in ranked if asks_help(team.signs)]
    levels = [
        RankedTeamLevel(
            team.id, level(team.reasons), has_person_in_charge(team.reasons, team.signs), team.progress
        )
        for team in ranked
    ]
    stopped = sum(team.is_stopped for team in ranked)
    return replace(build_ranking_from_levels(levels, waits, len(silent), limit), stopped=stopped)


@dataclass(frozen=True)
class RankedTeamLevel:
    """The level of one team, whether somebody is in charge of it, and its accepted progress."""

    id: UUID
    level: TeamAttentionLevel
    is_followed: bool
    accepted: int


def build_ranking_from_levels(
    levels: Sequence[RankedTeamLevel], waits: Sequence[int], silent: int, limit: int | None
) -> Ranking:
    """The ranking of ordered teams; `waits` is for how many days each request for help has waited."""
    to_help = [team for team in levels if team.level is TeamAttentionLevel.ALERT]
    to_watch = [team for team in levels if team.level is TeamAttentionLevel.WARN]
    return Ranking(
        ids=tuple(team.id for team in levels),
        to_help=len(to_help),
        to_watch=len(to_watch),
        asking=len(waits),
        silent=silent,
        days_without_close_tolerated=limit,
        longest_wait=max(waits, default=0),
        not_followed=sum(
            ChargeFilter.NEW.passes(team.level, is_followed=team.is_followed) for team in levels
        ),
        first_to_help=_list_ids_of_teams_to_name(to_help),
        first_to_watch=_list_ids_of_teams_to_name(to_watch),
        accepted=tuple(team.accepted for team in levels),
    )


def _list_ids_of_teams_to_name(teams: Sequence[RankedTeamLevel]) -> tuple[UUID, ...]:
    """The teams that a key figure names: those that nobody is in charge of come first."""
    ordered = sorted(teams, key=lambda team: team.is_followed)
    return tuple(team.id for team in ordered[:NAMED_TEAMS_MAX])


def _select_ranking_version(visible: Any, editions: Any) -> Select[Any]:
    health_marks = func.coalesce(func.sum(HealthFigures.mark), 0)
    return (
        select(func.count(), func.coalesce(func.sum(ProjectFigures.mark), 0) + health_marks, editions)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, filter_queries.health_join)
        .where(visible)
    )


_EDITIONS = select_editions(SignalTerms.programme_id == bindparam("programme"))
_VERSION = _select_ranking_version(in_programme, _EDITIONS)
_VERSION_OF_ALL = _select_ranking_version(policy.TEAMS_VISIBLE, select_editions())


_FIGURE_COLUMNS: tuple[Any, ...] = (
    ProjectFigures.programme_id,
    ProjectFigures.project_id,
    ProjectFigures.state,
    filter_queries.health_level,
    filter_queries.is_in_charge,
    HealthFigures.accepted,
    ProjectFigures.silent_since,
    ProjectFigures.missed_in_a_row,
    ProjectFigures.running_ends_on,
    filter_queries.told_outlook,
    ProjectFigures.help_wanted,
    ProjectFigures.help_since,
    ProjectFigures.help_taken,
    ProjectFigures.decision_awaited,
)


@lru_cache(maxsize=256)
def _select_figures(sort: PortfolioSort, narrowing: frozenset[str], *, is_single: bool) -> Select[Any]:
    """The programme and the figures of each team, as `_make_ranked_team` reads them."""
    statement = (
        select(*_FIGURE_COLUMNS)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, filter_queries.health_join)
        .where(policy.TEAMS_VISIBLE, *(FILTER_CONDITIONS[name] for name in narrowing - RANKED_FILTERS))
        .order_by(*ORDERS[sort])
    )
    return statement.where(in_programme) if is_single else statement
