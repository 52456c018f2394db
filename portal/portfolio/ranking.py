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

from portal.health.models import HealthFigures
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.db import rows
from portal.portfolio import policy, urgency
from portal.portfolio.attention import Level
from portal.portfolio.listing import Filters, Sort
from portal.portfolio.narrowing import FILTERS, OF_FIGURES, ORDERS, in_programme, values_of
from portal.programmes.models import Programme
from portal.projects.models import ProjectFigures

REMEMBERED = 64  # rankings; one of 2,000 teams takes 200 kB
NAMED = 3  # teams that a key figure names


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


def rank(actor: Actor, programme: Programme, filters: Filters, zone: str = DEFAULT_ZONE) -> Ranking:
    """The teams of a programme that the actor may see and the filters let through."""
    asked = _Asked(programme.id, filters.sort, filters.narrowing, values_of(filters))
    return _ask(actor, asked, zone).get(programme.id, Ranking())


def rank_all(actor: Actor, zone: str = DEFAULT_ZONE) -> Mapping[UUID, Ranking]:
    """All the teams that the actor may see, by programme, the most urgent first."""
    every = Filters()
    return _ask(actor, _Asked(None, every.sort, every.narrowing, values_of(every)), zone)


@dataclass(frozen=True)
class _Asked:
    """Which teams, in which order; `programme_id` None: of every programme."""

    programme_id: UUID | None
    sort: Sort
    narrowing: frozenset[str]
    values: tuple[tuple[str, Any], ...]


def _ask(actor: Actor, asked: _Asked, zone: str) -> Mapping[UUID, Ranking]:
    reach = policy.reach_of(actor)
    one = asked.programme_id is not None
    (marks,) = rows(_marks(one=one), {"programme": asked.programme_id, **reach})
    # What tracks and coaches say is not in the figures: their marks would not tell of a change.
    ask = _rank if asked.narrowing <= OF_FIGURES else _rank.__wrapped__
    return ask(asked, tuple(marks), tuple(reach.items()), clock.today(zone), zone)


@lru_cache(maxsize=REMEMBERED)
def _rank(
    asked: _Asked,
    _marks: tuple[int, int],
    reach: tuple[tuple[str, tuple[UUID, ...]], ...],
    today: date,
    zone: str,
) -> Mapping[UUID, Ranking]:
    given = {"programme": asked.programme_id, **dict(reach), **dict(asked.values)}
    statement = _statement(asked.sort, asked.narrowing, one=asked.programme_id is not None)
    by_programme: dict[UUID, list[Sequence[Any]]] = defaultdict(list)
    for row in rows(statement, given | urgency.day_of(today, zone)):
        by_programme[row[0]].append(row)
    place = ZoneInfo(zone)
    return {id_: _tell(ranked, today, place) for id_, ranked in by_programme.items()}


def _tell(ranked: Sequence[Sequence[Any]], today: date, place: ZoneInfo) -> Ranking:
    ids = [row[1] for row in ranked]
    to_help = [row[1] for row in ranked if row[2] >= urgency.LEAST[Level.ALERT]]
    to_watch = [
        row[1] for row in ranked if urgency.LEAST[Level.WARN] <= row[2] < urgency.LEAST[Level.ALERT]
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
        first_to_help=tuple(to_help[:NAMED]),
        first_to_watch=tuple(to_watch[:NAMED]),
    )


@lru_cache(maxsize=2)
def _marks(*, one: bool) -> Select[int, int]:
    of_health = func.coalesce(func.sum(HealthFigures.mark), 0)
    marks = (
        select(func.count(), func.coalesce(func.sum(ProjectFigures.mark), 0) + of_health)
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, urgency.beside)
    )
    return marks.where(in_programme if one else policy.TEAMS_VISIBLE)


@lru_cache(maxsize=256)
def _statement(sort: Sort, narrowing: frozenset[str], *, one: bool) -> Select[Any]:
    """Teams in order: programme, project, score, when help was asked for, whether silent."""
    seen = (
        select(
            ProjectFigures.programme_id,
            ProjectFigures.project_id,
            urgency.score,
            case((urgency.asking, ProjectFigures.silent_since)),
            case((urgency.silent, 1), else_=0),
        )
        .select_from(ProjectFigures)
        .outerjoin(HealthFigures, urgency.beside)
        .where(policy.TEAMS_VISIBLE, *(FILTERS[name] for name in narrowing))
        .order_by(*ORDERS[sort])
    )
    return seen.where(in_programme) if one else seen
