"""Read all teams at once from stored figures: nothing is counted over all sprints.

Statements are built once at import; each visit only binds parameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, exists, select

from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.health.change_queries import list_changed_project_ids
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.queries import read_lateness_increments, read_states
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio import filter_queries, policy
from portal.oversight.portfolio.attention_rules import urgency_key
from portal.oversight.portfolio.change_queries import read_programme_moves
from portal.oversight.portfolio.change_rules import TeamChange
from portal.oversight.portfolio.filter_queries import ORDERS, by_name
from portal.oversight.portfolio.filter_rules import PER_PAGE, PortfolioFilters, PortfolioSort, count_pages
from portal.oversight.portfolio.ranking_queries import Ranking, rank_teams
from portal.oversight.portfolio.team_queries import (
    FIGURE_COLUMNS,
    PortfolioTeam,
    build_team,
    select_team_lines,
    with_states,
)
from portal.people.programmes.models import Programme, Track
from portal.people.programmes.schedule_rules import running_first
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import Base, db, fetch_rows
from portal.project.projects.models import ProjectFigures

Model = TypeVar("Model", bound=Base)


@dataclass(frozen=True)
class PortfolioTeamsPage:
    """A page of a programme's teams, and who comes first among all of them."""

    all: Ranking
    first_to_help: Sequence[PortfolioTeam]
    first_to_watch: Sequence[PortfolioTeam]
    teams: Sequence[PortfolioTeam]  # of this page
    count: int  # that the filters let through
    page: int
    steps: LatenessIncrements  # how lateness changed from gate to gate in the programme

    @property
    def pages(self) -> int:
        return count_pages(self.count)


_HAS_TEAMS = (
    exists().where(ProjectFigures.programme_id == Programme.id, policy.TEAMS_VISIBLE).correlate(Programme)
)
_PROGRAMMES = select(Programme, _HAS_TEAMS).where(policy.VISIBLE)


def list_programmes(actor: Actor, named_slug: str | None = None) -> Sequence[Programme]:
    """The programmes whose portfolio the actor may open, in the order of `running_first`. One in which a
    coach has no team only where it is the one named, or they have no team at all."""
    rows = db.session.execute(_PROGRAMMES, policy.visible_teams_bind_parameters(actor))
    has_teams = {programme: bool(count) for programme, count in rows}

    def has_something_to_show(programme: Programme) -> bool:
        return has_teams[programme] or policy.can_see_all_teams(actor, programme)

    programmes = running_first(has_teams)
    offered = [each for each in programmes if has_something_to_show(each) or each.slug == named_slug]
    return _detach_rows(offered or programmes)


def list_tracks(*programmes: Programme) -> Sequence[Track]:
    """The tracks of programmes, in their order."""
    ids = [programme.id for programme in programmes]
    tracks = select(Track).where(Track.programme_id.in_(ids)).order_by(Track.position)
    return _detach_rows(db.session.scalars(tracks).all())


def _detach_rows(records: Sequence[Model]) -> Sequence[Model]:
    """Expunge rows from the session: the page cache keeps them after the request."""
    for record in records:
        db.session.expunge(record)
    return records


def read_portfolio(
    actor: Actor, programme: Programme, filters: PortfolioFilters, zone: str = DEFAULT_ZONE
) -> PortfolioTeamsPage:
    """The page asked for, or the last one when there are fewer."""
    unfiltered = rank_teams(actor, programme, PortfolioFilters(), zone)
    ranking = unfiltered
    if filters.narrows or filters.sort is not PortfolioSort.ATTENTION:
        ranking = rank_teams(actor, programme, filters, zone)
    page = min(filters.page, count_pages(len(ranking.ids)))
    ids = ranking.ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    team_ids = [*ids, *unfiltered.first_to_help, *unfiltered.first_to_watch]
    teams, steps = _read_teams_with_health_and_steps(actor, programme, team_ids, zone)
    page_teams, to_help, to_watch = (
        [teams[id_] for id_ in group if id_ in teams]
        for group in (ids, unfiltered.first_to_help, unfiltered.first_to_watch)
    )
    return PortfolioTeamsPage(unfiltered, to_help, to_watch, page_teams, len(ranking.ids), page, steps)


def list_ranked_teams(
    actor: Actor,
    programme: Programme,
    filters: PortfolioFilters,
    zone: str = DEFAULT_ZONE,
    *,
    first: int,
    limit: int,
) -> Sequence[PortfolioTeam]:
    """`limit` teams of a programme after the `first` ones, by the filters and in their order."""
    page = rank_teams(actor, programme, filters, zone).ids[first : first + limit]
    teams, _steps = _read_teams_with_health_and_steps(actor, programme, page, zone)
    return [teams[id_] for id_ in page if id_ in teams]


def _read_teams_with_health_and_steps(
    actor: Actor, programme: Programme, ids: Sequence[UUID], zone: str
) -> tuple[Mapping[UUID, PortfolioTeam], LatenessIncrements]:
    """Those of these teams that the actor may see, each with its health and forecast."""
    states = read_states(list(dict.fromkeys(ids)), day=clock.today(zone))
    steps = read_lateness_increments(programme.id)
    return with_states(read_teams(actor, ids, zone), states, steps), steps


def read_teams(actor: Actor, ids: Iterable[UUID], zone: str = DEFAULT_ZONE) -> Mapping[UUID, PortfolioTeam]:
    """Those of these teams that the actor may see."""
    teams = _read_teams(_TEAMS_BY_ID, {"teams": list(dict.fromkeys(ids))}, actor, zone)
    return {team.project.id: team for team in teams}


def list_team_changes(
    actor: Actor, programme: Programme, ids: Sequence[UUID], moment: datetime, zone: str = DEFAULT_ZONE
) -> Sequence[tuple[PortfolioTeam, HealthSnapshot, Sequence[TeamChange]]]:
    """The teams of a programme that changed since a moment, in the order of `ids`: team, state, changes."""
    today = clock.today(zone)
    moves = read_programme_moves(programme.id, moment)
    changed = list_changed_project_ids(programme.id, moment, today) | moves.questions.keys()
    candidates = [id_ for id_ in ids if id_ in changed]
    then, now = read_states(candidates, moment), read_states(candidates, day=today)
    steps = read_lateness_increments(programme.id)
    changes_by_team = {id_: moves.list_changes(then.get(id_), state, steps) for id_, state in now.items()}
    teams = read_teams(actor, [id_ for id_, team_changes in changes_by_team.items() if team_changes], zone)
    return [(teams[id_], now[id_], changes_by_team[id_]) for id_ in candidates if id_ in teams]


def list_coached_teams(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[PortfolioTeam]:
    """The teams the actor coaches, in every programme, the most urgent first."""
    teams = _read_teams(_COACHED_TEAMS, {}, actor, zone)
    return sorted(teams, key=lambda team: urgency_key(team.reasons), reverse=True)


def list_teams_asking_help(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[PortfolioTeam]:
    """Teams whose last close asks for help, the longest waiting first: for coaches and leads."""
    return _read_teams(_TEAMS_ASKING_HELP, {}, actor, zone)


def _read_teams(
    statement: Select[Any], parameters: Mapping[str, Any], actor: Actor, zone: str
) -> Sequence[PortfolioTeam]:
    today, place = clock.today(zone), ZoneInfo(zone)
    parameters = {**parameters, **policy.visible_teams_bind_parameters(actor), "today": today}
    return [build_team(row, actor, today, place) for row in fetch_rows(statement, parameters)]


def _select_teams(order: Sequence[Any], *conditions: Any) -> Select[Any]:
    """The lines of the teams that meet the conditions: selected by figures first, then joined."""
    keys = [key.label(f"key_{place}") for place, key in enumerate(order)]
    selected = (
        select(*FIGURE_COLUMNS, *keys)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, filter_queries.health_join)
        .where(*conditions)
        .subquery("chosen")
    )
    return select_team_lines(selected).order_by(*(selected.c[key.name] for key in keys))


_TEAMS_BY_ID = _select_teams(
    (), policy.TEAMS_VISIBLE, ProjectFigures.project_id.in_(bindparam("teams", expanding=True))
)
_COACHED_TEAMS = _select_teams(ORDERS[PortfolioSort.ATTENTION], policy.TEAMS_COACHED)
_TEAMS_ASKING_HELP = _select_teams(
    (ProjectFigures.silent_since, *by_name), policy.TEAMS_HELPED, filter_queries.asks_help
)
