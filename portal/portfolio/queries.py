"""Reading all teams at once, from figures that are kept: nothing is counted over all sprints.

A statement is made once, when this file is read, and filled at each visit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, case, exists, select

from portal.health.forecast import Cohort
from portal.health.models import HealthFigures
from portal.health.queries import read_cohort, states_of
from portal.health.standing import State
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import Base, db, rows
from portal.portfolio import policy, urgency
from portal.portfolio.listing import PER_PAGE, Filters, Sort, pages_of
from portal.portfolio.narrowing import ORDERS, by_name
from portal.portfolio.ranking import Ranking, rank
from portal.portfolio.since import Change, changes
from portal.portfolio.teams import CHOSEN, Team, statement_for, team_of, with_states
from portal.programmes import queries as programmes
from portal.programmes.models import Programme, Track
from portal.projects.models import ProjectFigures

Kept = TypeVar("Kept", bound=Base)


@dataclass(frozen=True)
class Portfolio:
    """A page of a programme's teams, and who comes first among all of them."""

    all: Ranking
    first_to_help: Sequence[Team]
    first_to_watch: Sequence[Team]
    teams: Sequence[Team]  # of this page
    count: int  # that the filters let through
    page: int
    cohort: Cohort  # how late the gates of the programme were passed

    @property
    def pages(self) -> int:
        return pages_of(self.count)


def _has_teams() -> Any:
    mine = exists().where(ProjectFigures.programme_id == Programme.id, policy.TEAMS_VISIBLE)
    return mine.correlate(Programme)


_PROGRAMMES = (
    select(Programme)
    .where(policy.VISIBLE)
    .order_by(case((_has_teams(), 0), else_=1), Programme.starts_on.desc(), Programme.slug)
)


def list_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose portfolio the actor may open: with teams first, then the latest."""
    return _kept(db.session.scalars(_PROGRAMMES, policy.reach_of(actor)).all())


def list_tracks(programme: Programme) -> Sequence[Track]:
    return _kept(programmes.list_tracks(programme.id))


def _kept(found: Sequence[Kept]) -> Sequence[Kept]:
    """Out of the session, so that they may outlive the request: nothing of them is loaded later."""
    for one in found:
        db.session.expunge(one)
    return found


def read_portfolio(
    actor: Actor, programme: Programme, filters: Filters, zone: str = DEFAULT_ZONE
) -> Portfolio:
    """The page asked for, or the last one when there are fewer."""
    all_ = rank(actor, programme, Filters(), zone)
    found = all_
    if filters.narrows or filters.sort is not Sort.ATTENTION:
        found = rank(actor, programme, filters, zone)
    page = min(filters.page, pages_of(len(found.ids)))
    ids = found.ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    wanted = [*ids, *all_.first_to_help, *all_.first_to_watch]
    states = states_of(list(dict.fromkeys(wanted)), day=clock.today(zone))
    cohort = read_cohort(programme.id)
    teams = with_states(read_teams(actor, wanted, zone), states, cohort)
    shown, to_help, to_watch = (
        [teams[id_] for id_ in some if id_ in teams]
        for some in (ids, all_.first_to_help, all_.first_to_watch)
    )
    return Portfolio(all_, to_help, to_watch, shown, len(found.ids), page, cohort)


def read_teams(actor: Actor, ids: Iterable[UUID], zone: str = DEFAULT_ZONE) -> Mapping[UUID, Team]:
    """Those of these teams that the actor may see."""
    teams = _read(_THESE, {"teams": list(dict.fromkeys(ids))}, actor, zone)
    return {team.project.id: team for team in teams}


def tell_changes(
    actor: Actor, ids: Sequence[UUID], moment: datetime, zone: str = DEFAULT_ZONE
) -> Sequence[tuple[Team, State, Sequence[Change]]]:
    """What is otherwise in these teams than at a moment, in their order; where anything is."""
    then, now = states_of(ids, moment), states_of(ids, day=clock.today(zone))
    told = {id_: changes(then.get(id_), state) for id_, state in now.items()}
    teams = read_teams(actor, [id_ for id_, found in told.items() if found], zone)
    return [(teams[id_], now[id_], told[id_]) for id_ in ids if id_ in teams]


def list_coached_teams(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """The teams the actor coaches, in every programme, the most urgent first."""
    return _read(_COACHED, {}, actor, zone)


def list_help_requests(actor: Actor, zone: str = DEFAULT_ZONE) -> Sequence[Team]:
    """Teams whose last close asks for help, the longest waiting first: for coaches and leads."""
    return _read(_HELPED, {}, actor, zone)


def _read(
    statement: Select[Any], given: Mapping[str, Any], actor: Actor, zone: str
) -> Sequence[Team]:
    today, place = clock.today(zone), ZoneInfo(zone)
    given = {**given, **policy.reach_of(actor), **urgency.day_of(today, zone)}
    return [team_of(row, actor, today, place) for row in rows(statement, given)]


def _in_order(order: Sequence[Any], *conditions: Any) -> Select[Any]:
    """The lines of the teams that meet the conditions: chosen by their figures, then read."""
    keys = [key.label(f"key_{place}") for place, key in enumerate(order)]
    chosen = (
        select(*CHOSEN, *keys)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, urgency.beside)
        .where(*conditions)
        .subquery("chosen")
    )
    return statement_for(chosen).order_by(*(chosen.c[key.name] for key in keys))


_THESE = _in_order(
    (), policy.TEAMS_VISIBLE, ProjectFigures.project_id.in_(bindparam("teams", expanding=True))
)
_COACHED = _in_order(ORDERS[Sort.ATTENTION], policy.TEAMS_COACHED)
_HELPED = _in_order((ProjectFigures.silent_since, *by_name), policy.TEAMS_HELPED, urgency.asking)
